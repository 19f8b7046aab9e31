"""The API over HTTP: connections, paths, bodies, faults, and one call from its path to its answer.

May import `calls`, `identity`, `configuration` and `store`; its endpoints are handed to it.
"""
