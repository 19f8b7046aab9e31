"""From files, and from the engine's configuration, to a checked environment.

May import every other folder of `settings` but `reference`.
"""
