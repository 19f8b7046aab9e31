"""Objects inside a release that are not as it was deployed."""
