"""What one model cannot see: contradictions among settings and between tenants, each a registered function that finds some.

May import `settings.features` and below.
"""
