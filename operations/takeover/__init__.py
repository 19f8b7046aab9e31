"""Lets a stack's state know what runs already, so that the next run changes it in place.

May import `operations.adoption`, `operations.releases`, `operations.engine`, and `settings`.
"""
