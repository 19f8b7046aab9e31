"""What runs a tenant's tasks and leads to them. May import `settings.models` and `settings.types`."""
