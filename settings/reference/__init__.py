"""The JSON schema that editors read, and docs/reference.md, both made of the models.

May import `settings.models` and below.
"""
