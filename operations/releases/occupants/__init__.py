"""What is at a name that a run would use, and that none of this stack's runs made: single objects, and what ends.

May import `operations.releases` but for what looks for obstacles, `components.namespaces` and `settings`.
"""
