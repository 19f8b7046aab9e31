"""Words that YAML takes for something else than a text."""
