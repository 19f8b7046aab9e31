"""Credentials: the key in clear, of the secret a salted digest only, so that nobody can read it back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import dataclass

from local.emulator.store import clock
from local.emulator.store.database import Database


@dataclass(frozen=True)
class Credential:
    """All that is ever shown of a pair."""

    access_key: str
    user: str
    company: str
    label: str | None
    created: str
    expire: str | None
    last_used: str | None
    last_used_from: str | None


def _digest(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()


def _credential(row: sqlite3.Row) -> Credential:
    return Credential(
        row["access_key"],
        row["user"],
        row["company"],
        row["label"],
        row["created"],
        row["expire"],
        row["last_used"],
        row["last_used_from"],
    )


def add(
    db: Database,
    owner: tuple[str, str],
    pair: tuple[str, str],
    label: str | None = None,
    expire: str | None = None,
) -> None:
    """Give the owner (user id, company id) a pair (access key, secret)."""
    key, secret = pair
    salt = secrets.token_hex(8)
    db.run(
        "INSERT INTO credentials (access_key, user, company, salt, digest, label, created, expire) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(key, *owner, salt, _digest(salt, secret), label, clock.now(), expire),
    )


def replace_all(db: Database, owner: tuple[str, str], pair: tuple[str, str] | None) -> None:
    """Leave the owner with this pair alone (its last use is kept if it was there already), or with none."""
    kept = pair is not None and verify(db, *pair) == owner[0]
    db.run("DELETE FROM credentials WHERE user = ? AND NOT (? AND access_key = ?)", owner[0], kept, pair and pair[0])
    if pair and not kept:
        add(db, owner, pair)


def verify(db: Database, key: str, secret: str) -> str | None:
    """The id of the user whose pair this is; None for an unknown, wrong or expired one."""
    for row in db.all("SELECT * FROM credentials WHERE access_key = ? ORDER BY rowid", key):
        right = hmac.compare_digest(row["digest"], _digest(row["salt"], secret))
        if right and (row["expire"] is None or row["expire"] > clock.now()):
            return str(row["user"])
    return None


def touch(db: Database, key: str, user: str, origin: str) -> None:
    """Note that a key was just used, and from where."""
    statement = "UPDATE credentials SET last_used = ?, last_used_from = ? WHERE access_key = ? AND user = ?"
    db.run(statement, clock.now(), origin, key, user)


def of_user(db: Database, user: str) -> list[Credential]:
    return [_credential(row) for row in db.all("SELECT * FROM credentials WHERE user = ? ORDER BY rowid", user)]


def every(db: Database) -> list[Credential]:
    return [_credential(row) for row in db.all("SELECT * FROM credentials ORDER BY rowid")]


def locate(db: Database, key: str, company: str | None = None) -> Credential | None:
    """The pair with that key, of that company if one is given."""
    row = db.find("SELECT * FROM credentials WHERE access_key = ? AND company = coalesce(?, company)", key, company)
    return _credential(row) if row else None


def relabel(db: Database, user: str, key: str, label: str | None) -> int:
    return db.run("UPDATE credentials SET label = ? WHERE user = ? AND access_key = ?", label, user, key)


def revoke(db: Database, user: str, key: str) -> int:
    return db.run("DELETE FROM credentials WHERE user = ? AND access_key = ?", user, key)
