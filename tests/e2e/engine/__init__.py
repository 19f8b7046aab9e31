"""The engine: interrupted, official, and without our commands."""
