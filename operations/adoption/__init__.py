"""Reads an installation that is there, and writes the files that describe it; it changes neither server nor cluster.

May import `operations.engine`, `components` and `settings`.
"""
