"""Pure: from what was read to the settings of a stack and its tenants.

May import `operations.adoption.reading.facts`, `operations.adoption.files` and `settings`.
"""
