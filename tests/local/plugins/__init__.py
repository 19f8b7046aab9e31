"""Stand-ins for Pulumi's plugins."""
