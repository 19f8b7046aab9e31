"""Checks of the identity providers with which everybody may sign in: `server.identityProviders` and raw variables.

May import what the other checks may.
"""
