"""Takes a key away and is sure of it, whatever became of the answer."""

from __future__ import annotations

from collections.abc import Collection

from components.clearml import keys
from components.clearml.key_labels import tenant_of
from components.clearml.say import say
from components.clearml.session import Session


def revoke(session: Session, user_id: str, access_key: str) -> None:
    """Revoke, and after a lost answer look whether it is gone. Raises FailedCall."""

    def look() -> bool | None:
        held = session.keys.fresh(user_id)
        return True if all(key.access_key != access_key for key in held) else None

    def write() -> bool:
        keys.revoke(session.client, user_id, access_key)
        return True

    try:
        session.settle(write, look)
    finally:
        session.keys.drop(user_id)


def revoke_all(session: Session, user_id: str, tenants: Collection[str]) -> None:
    """Revoke every key of ours that is left of these `<stack>/<tenant>/`; a person's stays. Raises FailedCall."""
    with session.alone(f"keys {user_id}"):
        for key in session.keys.fresh(user_id):
            if tenant_of(key.label) in tenants:
                revoke(session, user_id, key.access_key)
                say(f"revoked key {key.access_key} ({key.label}): a run that was cut off had left it")
