"""How the charts of the releases are reached: the login, and what is known of it before the engine starts.

May import `settings` alone.
"""
