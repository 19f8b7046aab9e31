"""What runs in a tenant's namespace: its agents and its gateways, each with a key pair of its own.

May import `components.release`, `components.clearml`, the pure values and the charts' access.
"""
