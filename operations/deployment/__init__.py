"""A stack's deployment: what a run depends on, the last complete run, and the run itself.

May import `operations.releases`, `operations.engine` and below.
"""
