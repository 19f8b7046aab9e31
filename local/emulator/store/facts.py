"""Small facts that must outlive a restart: the server's id, and what it signs tokens with."""

from __future__ import annotations

from local.emulator.store.database import Database


def remember(db: Database, name: str, value: str) -> str:
    """The value remembered under that name: the one given, if there was none."""
    db.run("INSERT OR IGNORE INTO facts (name, value) VALUES (?, ?)", name, value)
    return str(db.one("SELECT value FROM facts WHERE name = ?", name)["value"])


def revoke_session(db: Database, session: str) -> None:
    db.run("INSERT OR IGNORE INTO revoked_sessions (session) VALUES (?)", session)


def is_revoked(db: Database, session: str) -> bool:
    return db.find("SELECT 1 FROM revoked_sessions WHERE session = ?", session) is not None
