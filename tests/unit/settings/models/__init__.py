"""Models of both files."""
