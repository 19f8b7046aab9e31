"""What the files in config/ say, read, checked and typed.

Imports nothing of ours but its own: types < models < facts and registry < features < checks < loading.
reference and private_files beside them.
"""
