"""What a stack's file and a tenant's file may say, as frozen models.

May import `settings.types`.
"""
