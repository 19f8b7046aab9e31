"""The stand-in charts."""
