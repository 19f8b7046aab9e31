"""Dynamic providers of the API's objects, a package for each; `state` is the one path that Pulumi's state names.

Imports nothing of ours but its own, and knows no settings.
"""
