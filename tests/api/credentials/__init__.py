"""Keys of tenants and of their workers."""
