"""Stand-in for Pulumi's Python language host, for an engine that came without one."""
