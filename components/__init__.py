"""The program's resources: the platform, then each tenant with its agent, gateway, namespace and sign-in.

May import `settings`; `values` is pure, `charts` reads charts, `clearml` speaks with the API.
"""
