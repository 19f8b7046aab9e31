"""Settings that do nothing because what would use them is off.

May import `settings.models` and below, and the registry of checks.
"""
