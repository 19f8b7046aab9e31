"""Stand-in for Pulumi's `random` provider plugin."""
