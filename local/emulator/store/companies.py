"""Companies (tenants), with their settings: features, exclusions, limits."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from local.emulator.store import clock
from local.emulator.store.database import Database
from local.emulator.store.identifiers import new_id


@dataclass(frozen=True)
class Company:
    """`settings` holds only what was set: absent and never set are the same."""

    id: str
    name: str
    active: bool
    settings: dict[str, Any]
    sso: dict[str, Any] | None
    connected_workers: int


def _company(row: sqlite3.Row) -> Company:
    return Company(
        row["id"],
        row["name"],
        bool(row["active"]),
        json.loads(row["settings"]),
        json.loads(row["sso"]) if row["sso"] else None,
        row["connected_workers"],
    )


def ensure(db: Database, company_id: str, name: str) -> None:
    """Make the company of this id unless it is there."""
    db.run("INSERT OR IGNORE INTO companies (id, name, created) VALUES (?, ?, ?)", company_id, name, clock.now())


def create(db: Database, name: str, settings: dict[str, Any]) -> str:
    """Make a company; returns its id."""
    company_id = new_id()
    values = (company_id, name, json.dumps(settings), clock.now())
    db.run("INSERT INTO companies (id, name, settings, created) VALUES (?, ?, ?, ?)", *values)
    return company_id


def find(db: Database, company_id: str) -> Company | None:
    row = db.find("SELECT * FROM companies WHERE id = ?", company_id)
    return _company(row) if row else None


def every(db: Database) -> list[Company]:
    """All companies, oldest first, deleted ones (not active) too."""
    return [_company(row) for row in db.all("SELECT * FROM companies ORDER BY created, rowid")]


def names(db: Database, *, active_only: bool, besides: str | None) -> list[str]:
    """The names of all companies but one: of those not deleted, if only active ones count."""
    condition = " AND active" if active_only else ""
    rows = db.all(f"SELECT name FROM companies WHERE id IS NOT ?{condition}", besides)  # noqa: S608
    return [row["name"] for row in rows]


def save_settings(db: Database, company_id: str, settings: dict[str, Any]) -> None:
    db.run("UPDATE companies SET settings = ? WHERE id = ?", json.dumps(settings), company_id)


def save_sso(db: Database, company_id: str, sso: dict[str, Any]) -> None:
    db.run("UPDATE companies SET sso = ? WHERE id = ?", json.dumps(sso), company_id)


def rename(db: Database, company_id: str, name: str) -> None:
    db.run("UPDATE companies SET name = ? WHERE id = ?", name, company_id)


def deactivate(db: Database, company_id: str) -> None:
    """Soft deletion: everything stays, the company is no longer active."""
    db.run("UPDATE companies SET active = 0 WHERE id = ?", company_id)


def set_active(db: Database, company_id: str, *, active: bool) -> bool:
    """Delete or restore it, as somebody else does on a real server. False if it is unknown."""
    return bool(db.run("UPDATE companies SET active = ? WHERE id = ?", int(active), company_id))


def set_connected_workers(db: Database, company_id: str, count: int) -> bool:
    """How many workers run for a company: told by a test, since nothing runs here. False if it is unknown."""
    return bool(db.run("UPDATE companies SET connected_workers = ? WHERE id = ?", count, company_id))
