"""A tenant's own identity provider."""
