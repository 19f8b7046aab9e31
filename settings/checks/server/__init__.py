"""Checks of what the stack's file says of the server, and of what it takes over.

May import `settings.models` and below, and the registry of checks.
"""
