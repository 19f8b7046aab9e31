"""A tenant's service account, and the keys that its workers have of it."""
