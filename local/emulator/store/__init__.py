"""What the emulator keeps: one SQLite file, one module for each kind of record.

Imports nothing of ours but its own.
"""
