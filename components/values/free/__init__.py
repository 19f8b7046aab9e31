"""Free values: what in them repeats a setting. Pure."""
