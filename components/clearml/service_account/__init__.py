"""A tenant's service account, whose keys agents and gateways have in place of the internal admin's.

May import `components.clearml.credentials` and below.
"""
