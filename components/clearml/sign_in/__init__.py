"""Sign-in rules: domains and whitelist entries, their removal before any arrival, and who holds what.

May import `components.clearml.company.resource` and below.
"""
