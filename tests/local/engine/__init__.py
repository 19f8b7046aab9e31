"""Runs of the engine: what they say, and what a run that died leaves."""
