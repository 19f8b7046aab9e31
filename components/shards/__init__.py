"""What the stacks of one environment have in common: where tenants are made, and what shards read of the platform's.

May import `components.namespaces`, `components.charts`, `components.clearml` and `settings`.
"""
