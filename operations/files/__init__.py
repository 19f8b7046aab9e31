"""What differs between the files of two commits: key by key, in the configuration and beside it.

Pure, but for reading a folder. May import `settings.types` and below.
"""
