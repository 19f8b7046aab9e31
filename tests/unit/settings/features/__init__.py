"""Features, groups and the version of the server."""
