"""What a start does to the stored state: the default company, and the configured identities (contract 3).

Each entry of `secure.credentials` becomes a user of the default company, its key pair replaced by the configured one;
identities that are no longer configured are deleted. So a rotated key works, and the old one does not, after a restart.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping

from local.emulator.configuration.assumptions import Assumptions
from local.emulator.configuration.effective import Configuration, ConfiguredUser
from local.emulator.endpoints import catalogue
from local.emulator.protocol.server import Server
from local.emulator.store import clock, companies, credentials, facts, queues, users
from local.emulator.store.database import Database
from local.emulator.store.identifiers import new_id
from local.emulator.store.users import User


def start(configuration: Configuration, assumptions: Assumptions, database: Database) -> tuple[Server, list[str]]:
    """Bring the stored state in line with the configuration; returns the server, and lines about what did not work."""
    with database.transaction():
        complaints = _configure(configuration, assumptions, database)
        configured_secret = configuration.get("secure.auth.token_secret")
        server = Server(
            configuration,
            assumptions,
            database,
            catalogue(assumptions),
            facts.remember(database, "server_id", new_id()),
            str(configured_secret or facts.remember(database, "token_secret", secrets.token_urlsafe(40))),
        )
    return server, complaints


def start_anew(server: Server) -> None:
    """As after a first start: nothing but the default company and the configured identities."""
    with server.database.transaction():
        server.database.empty()
        _configure(server.configuration, server.assumptions, server.database)


def _configure(configuration: Configuration, assumptions: Assumptions, database: Database) -> list[str]:
    companies.ensure(database, configuration.default_company, str(configuration.get("apiserver.default_company_name")))
    _ensure_default_queue(database, configuration.default_company)
    complaints = [*configuration.complaints, *_ensure_users(configuration, assumptions, database)]
    if configuration.get("apiserver.auth.delete_missing_autocreated_users"):
        _delete_missing(configuration, database)
    return complaints


def _ensure_default_queue(database: Database, company: str) -> None:
    """The default company alone is given one, and only while it has no queue at all."""
    if not queues.of_company(database, company):
        queues.create(database, company, "default", ["default"])


def _ensure_users(configuration: Configuration, assumptions: Assumptions, database: Database) -> Iterator[str]:
    for entry in configuration.users:
        company = configuration.default_company
        known = users.find(database, entry.id)
        created = known.created if known else clock.now()
        names = (entry.id, entry.display_name, entry.email, company, entry.role)
        try:
            users.save(database, User(*names, True, True, entry.groups, created))
        except sqlite3.IntegrityError:
            yield f"secure.credentials.{entry.name}.email: another user has it: this identity does not exist"
            continue
        pair = (entry.key, entry.secret) if entry.key and entry.secret else None
        credentials.replace_all(database, (entry.id, company), pair)
        if _has_profile(entry, assumptions):
            users.create_profile(database, entry.id, company, {"name": entry.display_name})


def _has_profile(entry: ConfiguredUser, assumptions: Assumptions) -> bool:
    return entry.allow_login or entry.role == "user" or assumptions.configured_users_have_profiles


def _delete_missing(configuration: Configuration, database: Database) -> None:
    configured: Mapping[str, ConfiguredUser] = {entry.id: entry for entry in configuration.users}
    for user in users.of_company(database, configuration.default_company):
        if user.configured and user.id not in configured:
            users.delete(database, user.id)
            users.delete_profile(database, user.id)
