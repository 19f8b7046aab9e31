"""Takes a key away and is sure of it, whatever became of the answer."""

from __future__ import annotations

from collections.abc import Callable

from components.clearml.api.calls import credentials
from components.clearml.api.log import log
from components.clearml.api.models import KeyInfo
from components.clearml.run.session import Session


def revoke(session: Session, user_id: str, access_key: str) -> None:
    """Revoke, and after a lost answer look whether it is gone. Raises FailedCall."""

    def look() -> bool | None:
        held = session.cache.credentials.fresh(user_id)
        return True if all(key.access_key != access_key for key in held) else None

    def write() -> bool:
        credentials.revoke(session.client, user_id, access_key)
        return True

    try:
        session.write_and_verify(write, look)
    finally:
        session.cache.credentials.drop(user_id)


def revoke_all(session: Session, user_id: str, ours: Callable[[KeyInfo], bool]) -> None:
    """Revoke every key of the user that is one of `ours`; a person's stays. Raises FailedCall."""
    with session.lock(f"keys {user_id}"):
        for key in filter(ours, session.cache.credentials.fresh(user_id)):
            revoke(session, user_id, key.access_key)
            log(f"revoked key {key.access_key} ({key.label}): a run that was cut off had left it")
