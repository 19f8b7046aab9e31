"""The JSON schemas and the reference."""
