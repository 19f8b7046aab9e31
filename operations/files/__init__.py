"""What differs between the files of two commits: key by key, in the configuration and beside it.

Pure, but for reading a folder and git's objects. May import `operations.errors`, `settings.types` and below.
"""
