"""Queues of companies: names and system tags only, since nothing runs here."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from local.emulator.store.database import Database
from local.emulator.store.identifiers import new_id


def create(db: Database, company: str, name: str, system_tags: Sequence[str] = ()) -> str | None:
    """The new queue's id; None if the company has a queue of that name."""
    queue_id, tags = new_id(), json.dumps(list(system_tags))
    try:
        db.run("INSERT INTO queues (id, company, name, system_tags) VALUES (?, ?, ?, ?)", queue_id, company, name, tags)
    except sqlite3.IntegrityError:
        return None
    return queue_id


def of_company(db: Database, company: str) -> list[dict[str, Any]]:
    """`id`, `name`, `company` and `system_tags` of each of the company's queues, by name."""
    rows = db.all("SELECT * FROM queues WHERE company = ? ORDER BY name", company)
    return [{**dict(row), "system_tags": json.loads(row["system_tags"])} for row in rows]
