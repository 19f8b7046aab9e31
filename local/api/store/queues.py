"""Queues of companies: their names only, since nothing runs here."""

from __future__ import annotations

import sqlite3

from local.api.identifiers import new_id
from local.api.store.database import Database


def create(db: Database, company: str, name: str) -> str | None:
    """The new queue's id; None if the company has a queue of that name."""
    queue_id = new_id()
    try:
        db.run("INSERT INTO queues (id, company, name) VALUES (?, ?, ?)", queue_id, company, name)
    except sqlite3.IntegrityError:
        return None
    return queue_id
