"""Sign-in rules of companies: e-mail domains, and whitelist entries that turn from pending to accepted at sign-in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from local.emulator.store import clock
from local.emulator.store.database import Database
from local.emulator.store.identifiers import new_id


@dataclass(frozen=True)
class Entry:
    """One whitelisted e-mail of one company; `user` and `accepted` are set once that person has signed in."""

    id: str
    company: str
    email: str
    role: str
    added: str
    accepted: str | None
    user: str | None

    @property
    def status(self) -> str:
        return "accepted" if self.accepted else "pending"


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(row["id"], row["company"], row["email"], row["role"], row["added"], row["accepted"], row["user"])


def set_domains(db: Database, company: str, domains: Iterable[str]) -> None:
    """Replace the company's domains."""
    db.run("DELETE FROM domains WHERE company = ?", company)
    for domain in domains:
        db.run("INSERT OR IGNORE INTO domains (company, domain) VALUES (?, ?)", company, domain)


def domains(db: Database, company: str) -> list[str]:
    return [row["domain"] for row in db.all("SELECT domain FROM domains WHERE company = ? ORDER BY rowid", company)]


def companies_of_domain(db: Database, domain: str) -> list[str]:
    return [row["company"] for row in db.all("SELECT company FROM domains WHERE domain = ? ORDER BY rowid", domain)]


def every_domain(db: Database) -> list[tuple[str, str]]:
    """Company and domain of every domain rule."""
    return [(row["company"], row["domain"]) for row in db.all("SELECT company, domain FROM domains ORDER BY rowid")]


def every_entry(db: Database) -> list[Entry]:
    """The whitelist entries of all companies."""
    return [_entry(row) for row in db.all("SELECT * FROM whitelist ORDER BY rowid")]


def add_entry(db: Database, company: str, email: str, role: str) -> bool:
    """Whitelist an e-mail; false if the company had it already (then nothing changes)."""
    statement = "INSERT OR IGNORE INTO whitelist (id, company, email, role, added) VALUES (?, ?, ?, ?, ?)"
    return bool(db.run(statement, new_id(), company, email, role, clock.now()))


def set_entry_role(db: Database, company: str, email: str, role: str) -> None:
    db.run("UPDATE whitelist SET role = ? WHERE company = ? AND email = ? AND accepted IS NULL", role, company, email)


def remove_pending(db: Database, company: str, email: str) -> bool:
    """Remove an entry nobody has signed in with yet; false if there is none."""
    return bool(db.run("DELETE FROM whitelist WHERE company = ? AND email = ? AND accepted IS NULL", company, email))


def accept(db: Database, entry_id: str, user: str) -> None:
    statement = "UPDATE whitelist SET accepted = ?, user = ? WHERE id = ? AND accepted IS NULL"
    db.run(statement, clock.now(), user, entry_id)


def entries(db: Database, company: str) -> list[Entry]:
    return [_entry(row) for row in db.all("SELECT * FROM whitelist WHERE company = ? ORDER BY rowid", company)]


def entries_of_email(db: Database, email: str) -> list[Entry]:
    return [_entry(row) for row in db.all("SELECT * FROM whitelist WHERE email = ? ORDER BY rowid", email)]
