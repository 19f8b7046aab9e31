"""Helm values and the environment of the server."""
