"""What one model cannot see: contradictions among settings and between tenants, each found by a registered function.

May import `settings.features` and below.
"""
