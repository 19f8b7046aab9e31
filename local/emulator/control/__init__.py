"""The control port: what a test may look at and do beside the API.

May import `companies`, `http`, `startup` and `store`.
"""
