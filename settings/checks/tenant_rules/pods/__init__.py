"""What a tenant's file may write into pods; `check` walks the free settings, each other module judges one kind of key.

May import models and types of the settings.
"""
