"""Checks of what the stack's file says of the server alone.

May import `settings.models` and below, and the registry of checks.
"""
