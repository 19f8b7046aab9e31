"""Letters of a name that a reader takes for others, or does not see. May import `settings.types`."""
