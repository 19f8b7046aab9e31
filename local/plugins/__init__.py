"""Stand-ins for Pulumi's `random` plugin and language host, where the official ones are not to be had."""
