"""What restarts when releases change: what charts make of their inputs, and how that is compared.

May import `rendering`, `settings.types` and the engine's steps.
"""
