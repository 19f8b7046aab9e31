"""The SQLite file: opened by one process at a time, written in transactions, whole after a kill at any point."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE companies (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1, settings TEXT NOT NULL DEFAULT '{}',
    sso TEXT, connected_workers INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL);
CREATE TABLE users (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, company TEXT NOT NULL, role TEXT NOT NULL,
    internal INTEGER NOT NULL DEFAULT 0, configured INTEGER NOT NULL DEFAULT 0, groups TEXT, created TEXT NOT NULL);
CREATE INDEX users_of_company ON users (company);
CREATE TABLE profiles (
    id TEXT PRIMARY KEY, company TEXT NOT NULL, name TEXT NOT NULL, given_name TEXT, family_name TEXT, avatar TEXT,
    created TEXT NOT NULL);
CREATE INDEX profiles_of_company ON profiles (company);
CREATE TABLE credentials (
    access_key TEXT NOT NULL, user TEXT NOT NULL, company TEXT NOT NULL, salt TEXT NOT NULL, digest TEXT NOT NULL,
    label TEXT, created TEXT NOT NULL, expire TEXT, last_used TEXT, last_used_from TEXT,
    PRIMARY KEY (access_key, user));
CREATE INDEX credentials_of_user ON credentials (user);
CREATE TABLE domains (company TEXT NOT NULL, domain TEXT NOT NULL, PRIMARY KEY (company, domain));
CREATE INDEX companies_of_domain ON domains (domain);
CREATE TABLE whitelist (
    id TEXT PRIMARY KEY, company TEXT NOT NULL, email TEXT NOT NULL, role TEXT NOT NULL, added TEXT NOT NULL,
    accepted TEXT, user TEXT, UNIQUE (company, email));
CREATE INDEX whitelist_of_email ON whitelist (email);
CREATE TABLE queues (id TEXT PRIMARY KEY, company TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (company, name));
CREATE TABLE sso_providers (
    company TEXT NOT NULL, id TEXT NOT NULL, provider TEXT NOT NULL, display_name TEXT, category TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1, last_update TEXT NOT NULL, PRIMARY KEY (company, id));
CREATE TABLE revoked_sessions (session TEXT PRIMARY KEY);
CREATE TABLE calls (
    number INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT, user TEXT, company TEXT, status INTEGER,
    time TEXT NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
# What came later; a file of an earlier version gets it when it is opened.
_ADDITIONS = (
    "ALTER TABLE sso_providers ADD COLUMN configuration TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE sso_providers ADD COLUMN secret_digest TEXT",
    "ALTER TABLE queues ADD COLUMN system_tags TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE users ADD COLUMN service INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN runs_as_owner INTEGER NOT NULL DEFAULT 0",
)
SCHEMA_VERSION = 1 + len(_ADDITIONS)


class StoreError(RuntimeError):
    """The data file cannot be used; one line naming it and what to do."""


class Database:
    """One connection, in autocommit outside `transaction()`. Not for use from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open the file, or make it. Raises StoreError: not writable, not ours, or in use by another process."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            connection = sqlite3.connect(path, timeout=2, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            database = cls(connection)
            database._prepare(path)
        except (sqlite3.Error, OSError) as error:
            busy = "locked" in str(error)
            todo = "stop the emulator that uses it" if busy else "give another --data, or delete it"
            raise StoreError(f"{path}: {error}: {todo}") from error
        return database

    def _prepare(self, path: Path) -> None:
        with self.transaction():
            version = self.one("PRAGMA user_version")["user_version"]
            if version == 0:
                for statement in _SCHEMA.split(";\n"):
                    self.run(statement)
            elif version > SCHEMA_VERSION:
                raise StoreError(f"{path}: written by a later version of the emulator ({version}): delete it")
            for statement in _ADDITIONS[max(version, 1) - 1 :]:
                self.run(statement)
            self.run(f"PRAGMA user_version={SCHEMA_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block's writes, or none of them."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.run("ROLLBACK")
            raise
        self.run("COMMIT")

    def run(self, statement: str, *values: Any) -> int:  # noqa: ANN401 - any SQL value
        """Execute one statement; returns how many rows it changed."""
        return self._connection.execute(statement, values).rowcount

    def all(self, statement: str, *values: Any) -> list[sqlite3.Row]:  # noqa: ANN401 - any SQL value
        return self._connection.execute(statement, values).fetchall()

    def find(self, statement: str, *values: Any) -> sqlite3.Row | None:  # noqa: ANN401 - any SQL value
        """The first row, if there is one."""
        row: sqlite3.Row | None = self._connection.execute(statement, values).fetchone()
        return row

    def one(self, statement: str, *values: Any) -> sqlite3.Row:  # noqa: ANN401 - any SQL value
        """The row that must be there. Raises LookupError."""
        row = self.find(statement, *values)
        if row is None:
            raise LookupError(statement)
        return row

    def empty(self) -> None:
        """Forget everything but what the server knows of itself; call it in a transaction."""
        for table in re.findall(r"CREATE TABLE (\w+)", _SCHEMA):
            if table != "facts":
                self.run(f"DELETE FROM {table}")  # noqa: S608 - the names are ours

    def close(self) -> None:
        self._connection.close()
