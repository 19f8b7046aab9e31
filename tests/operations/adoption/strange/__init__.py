"""Installations that nobody would make twice."""
