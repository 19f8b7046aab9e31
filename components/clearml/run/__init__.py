"""What the resources of one run share: a session of four parts, and why a resource is refused.

May import `components.clearml.api`.
"""
