"""The API's calls, one module for each kind of object.

May import `components.clearml.api`.
"""
