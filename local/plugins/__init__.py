"""Stand-ins for Pulumi's provider plugins and language host, where the official ones are not to be had."""
