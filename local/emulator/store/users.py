"""Users: the auth record (who may do what), and apart from it, as in the real server, the profile users.* shows."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from local.emulator.store import clock
from local.emulator.store.database import Database

PROFILE_FIELDS = ("name", "given_name", "family_name", "avatar")


@dataclass(frozen=True)
class User:
    """An auth record. `groups` is None unless membership was set explicitly; `configured`: from secure.credentials.

    A `service` account belongs to no person and has no e-mail: what the table holds in its place is its id.
    """

    id: str
    name: str
    email: str
    company: str
    role: str
    internal: bool
    configured: bool
    groups: tuple[str, ...] | None
    created: str
    service: bool = False
    runs_as_owner: bool = False

    @property
    def shown_email(self) -> str | None:
        return None if self.service else self.email


def _user(row: sqlite3.Row) -> User:
    groups = tuple(json.loads(row["groups"])) if row["groups"] is not None else None
    flags = bool(row["internal"]), bool(row["configured"])
    service = bool(row["service"]), bool(row["runs_as_owner"])
    known = row["id"], row["name"], row["email"], row["company"], row["role"]
    return User(*known, *flags, groups, row["created"], *service)


def save(db: Database, user: User) -> None:
    """Make or replace the auth record of that id; its e-mail must be free."""
    groups = json.dumps(user.groups) if user.groups is not None else None
    db.run(
        "INSERT INTO users (id, name, email, company, role, internal, configured, groups, created, service, "
        "runs_as_owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
        "email = excluded.email, company = excluded.company, role = excluded.role, groups = excluded.groups",
        *(user.id, user.name, user.email, user.company, user.role, user.internal, user.configured, groups),
        *(user.created, user.service, user.runs_as_owner),
    )


def find(db: Database, user_id: str, company: str | None = None) -> User | None:
    """The user of that id, of that company if one is given."""
    row = db.find("SELECT * FROM users WHERE id = ? AND company = coalesce(?, company)", user_id, company)
    return _user(row) if row else None


def find_by_email(db: Database, email: str) -> User | None:
    row = db.find("SELECT * FROM users WHERE email = ?", email)
    return _user(row) if row else None


def of_company(db: Database, company: str) -> list[User]:
    return [_user(row) for row in db.all("SELECT * FROM users WHERE company = ? ORDER BY created, rowid", company)]


def every(db: Database) -> list[User]:
    return [_user(row) for row in db.all("SELECT * FROM users ORDER BY created, rowid")]


def count(db: Database, company: str, *, internal_too: bool) -> int:
    """How many people it has, as its limit counts them."""
    condition = " AND NOT service" + ("" if internal_too else " AND NOT internal")
    return int(db.one(f"SELECT count(*) AS n FROM users WHERE company = ?{condition}", company)["n"])  # noqa: S608


def count_service(db: Database, company: str) -> int:
    return int(db.one("SELECT count(*) AS n FROM users WHERE company = ? AND service", company)["n"])


def counts(db: Database, *, internal_too: bool, service_too: bool) -> dict[str, int]:
    """How many users each company has; companies without any are absent."""
    left_out = [name for name, counted in (("internal", internal_too), ("service", service_too)) if not counted]
    condition = " WHERE " + " AND ".join(f"NOT {name}" for name in left_out) if left_out else ""
    rows = db.all(f"SELECT company, count(*) AS n FROM users{condition} GROUP BY company")  # noqa: S608
    return {row["company"]: row["n"] for row in rows}


def set_role(db: Database, user_id: str, role: str) -> None:
    db.run("UPDATE users SET role = ? WHERE id = ?", role, user_id)


def set_groups(db: Database, user_id: str, groups: list[str]) -> bool:
    """Set membership explicitly; false if the user is unknown."""
    return bool(db.run("UPDATE users SET groups = ? WHERE id = ?", json.dumps(groups), user_id))


def delete(db: Database, user_id: str) -> None:
    """Remove the auth record with its credentials; the profile is `delete_profile`'s."""
    db.run("DELETE FROM credentials WHERE user = ?", user_id)
    db.run("DELETE FROM users WHERE id = ?", user_id)


def create_profile(db: Database, user_id: str, company: str, fields: dict[str, Any]) -> None:
    values = [fields.get(name) for name in PROFILE_FIELDS]
    db.run(
        "INSERT OR IGNORE INTO profiles (id, company, name, given_name, family_name, avatar, created) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(user_id, company, *values, clock.now()),
    )


def find_profile(db: Database, user_id: str, company: str | None = None) -> dict[str, Any] | None:
    """What users.* shows of a user: id, company, name, created, and what else is set."""
    row = db.find("SELECT * FROM profiles WHERE id = ? AND company = coalesce(?, company)", user_id, company)
    return _profile(row) if row else None


def profiles(db: Database, company: str) -> list[dict[str, Any]]:
    rows = db.all("SELECT * FROM profiles WHERE company = ? ORDER BY created, rowid", company)
    return [_profile(row) for row in rows]


def update_profile(db: Database, user_id: str, company: str, fields: dict[str, str]) -> int:
    """Change profile fields (and the auth record's name with `name`); returns how many records changed, 0 or 1."""
    changed = 0
    for name, value in fields.items():
        statement = f"UPDATE profiles SET {name} = ? WHERE id = ? AND company = ?"  # noqa: S608 - names are PROFILE_FIELDS
        changed = db.run(statement, value, user_id, company)
    if changed and "name" in fields:
        db.run("UPDATE users SET name = ? WHERE id = ?", fields["name"], user_id)
    return changed


def delete_profile(db: Database, user_id: str) -> int:
    return db.run("DELETE FROM profiles WHERE id = ?", user_id)


def _profile(row: sqlite3.Row) -> dict[str, Any]:
    return {key: row[key] for key in row.keys() if row[key] is not None}  # noqa: SIM118 - a Row iterates over values
