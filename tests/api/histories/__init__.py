"""Histories of edits, faults and killed runs, drawn at random and played against a model."""
