"""Identifiers and credentials in the shapes the real server makes (contract 2.3)."""

from __future__ import annotations

import secrets
import string
from uuid import uuid4

_KEY_CHARACTERS = string.ascii_uppercase + string.digits


def new_id() -> str:
    """32 hex characters: companies, users, queues, calls."""
    return uuid4().hex


def new_access_key() -> str:
    """30 characters A-Z and 0-9."""
    return "".join(secrets.choice(_KEY_CHARACTERS) for _ in range(30))


def new_secret_key() -> str:
    """67 characters of the URL-safe alphabet, not starting with - or _."""
    while (secret := secrets.token_urlsafe(50))[0] in "-_":
        pass
    return secret
