"""What the resources of one run share: what was read once, what is refused and why.

May import `components.clearml.api`.
"""
