"""How the workers of a stack are, and what to do about it.

May import `operations.releases` and below.
"""
