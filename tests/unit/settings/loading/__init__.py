"""Files: read, refused, checked by a command."""
