"""What a call is made of: endpoint, fields, caller, errors, and the running server.

May import `configuration`, `store` and `roles`.
"""
