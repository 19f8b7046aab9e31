"""The record of calls: one row each, whatever became of it."""

from __future__ import annotations

from typing import Any

from local.emulator.store import clock
from local.emulator.store.database import Database


def record(db: Database, endpoint: str, who: tuple[str | None, str | None], status: int | None) -> None:
    """Note a call; `who` is the user and company in effect, if known; status None: the caller got no answer."""
    db.run(
        "INSERT INTO calls (endpoint, user, company, status, time) VALUES (?, ?, ?, ?, ?)",
        *(endpoint, *who, status, clock.now()),
    )


def every(db: Database) -> list[dict[str, Any]]:
    return [dict(row) for row in db.all("SELECT endpoint, user, company, status, time FROM calls ORDER BY number")]


def clear(db: Database) -> None:
    db.run("DELETE FROM calls")
