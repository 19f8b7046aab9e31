"""What the files in config/ say, read, checked and typed.

Imports nothing of ours but its own: types < models < features < checks < loading; reference beside them.
"""
