"""The words that settings are written with: texts, addresses, sizes, URLs, versions; each says what it takes.

Imports nothing of ours but its own.
"""
