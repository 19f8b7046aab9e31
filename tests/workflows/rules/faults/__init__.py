"""Faults put into the workflows on purpose, each of which a rule has to notice.

May import nothing but the standard library.
"""
