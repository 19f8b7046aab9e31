"""Stand-in for Pulumi's `kubernetes` provider plugin: real objects on a real API server, releases by the real helm."""
