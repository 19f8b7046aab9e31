"""The calls about a user's API keys (contract 2.3); each needs the owner's identity."""

from __future__ import annotations

from components.clearml.api.client import Client
from components.clearml.api.errors import InvalidRequest
from components.clearml.api.models import KeyInfo, KeyList, KeyOwner, NewKey, NewKeys, Revocation

_UNKNOWN_KEY = 300
# ASSUMPTION: 0 is "none" in the call as it is in the server's policy (contract 6.5). Older servers ignore the field.
_NEVER = 0


def of_user(client: Client, user_id: str) -> tuple[KeyInfo, ...]:
    """The user's keys with their labels; never a secret."""
    return client.read("auth.get_credentials", response=KeyList, impersonate=user_id).credentials


def owner(client: Client, access_key: str) -> str | None:
    """The id of the user whose key it is, in whatever company; None if the server does not know the key."""
    found = located(client, access_key)
    return found.user if found else None


def located(client: Client, access_key: str) -> KeyOwner | None:
    """Whose key it is, in whatever company, and what is told of it; None if the server does not know the key."""
    try:
        return client.read("auth.locate_credentials", {"access_key": access_key}, response=KeyOwner)
    except InvalidRequest:
        return None


def create(client: Client, user_id: str, label: str) -> NewKey:
    """Make a key that never expires; its secret is in this answer and nowhere else.

    Not repeatable: each call makes one more.
    """
    body = {"label": label, "expiration_sec": _NEVER}
    return client.write("auth.create_credentials", body, response=NewKeys, impersonate=user_id).credentials


def revoke(client: Client, user_id: str, access_key: str) -> None:
    """Take a key away; one that is gone already is fine."""
    try:
        client.write("auth.revoke_credentials", {"access_key": access_key}, response=Revocation, impersonate=user_id)
    except InvalidRequest as refusal:
        if refusal.subcode != _UNKNOWN_KEY:
            raise
