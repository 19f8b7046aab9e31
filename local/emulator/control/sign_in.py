"""A test door: what happens when somebody signs in through the identity provider (contract 2.5; the document).

A known user is let in. Else a whitelist entry decides, else the e-mail's domain; the user is made in that company and
the entry is accepted. Several companies with the same rule are an error here, where the real server is "unstable".
"""

from __future__ import annotations

from typing import Any

from local.emulator.companies.membership import add_user
from local.emulator.protocol.errors import ApiError
from local.emulator.protocol.server import Server
from local.emulator.store import rules, users
from local.emulator.store.rules import Entry
from local.emulator.store.users import User


class SignInError(ValueError):
    """Nobody gets in with this e-mail; one line."""


def sign_in(server: Server, email: str) -> dict[str, Any]:
    """Returns `user`, `company`, `role`, and whether the user was `created`. Raises SignInError."""
    db = server.database
    email = email.lower() if server.assumptions.fold_case else email
    entries = rules.entries_of_email(db, email)
    with db.transaction():
        known = users.find_by_email(db, email)
        user = known or _admit(server, email, entries)
        for entry in entries:
            if entry.company == user.company:
                rules.accept(db, entry.id, user.id)
    return {"user": user.id, "company": user.company, "role": user.role, "created": known is None}


def _admit(server: Server, email: str, entries: list[Entry]) -> User:
    company, role = _route(server, email, entries)
    profile = {"name": email.partition("@")[0]}
    try:
        user_id = add_user(server.database, server.assumptions, company, email, role, profile=profile)
    except ApiError as error:
        raise SignInError(f"{email}: {error.message}") from error
    user = users.find(server.database, user_id)
    if user is None:
        raise SignInError(f"{email}: the user that was just made is gone")
    return user


def _route(server: Server, email: str, entries: list[Entry]) -> tuple[str, str]:
    """The company and the role that the rules give."""
    if len(entries) > 1:
        raise SignInError(f"{email}: ambiguous: whitelisted in {', '.join(each.company for each in entries)}")
    if entries:
        return entries[0].company, entries[0].role
    found = rules.companies_of_domain(server.database, email.rpartition("@")[2])
    if len(found) > 1:
        raise SignInError(f"{email}: ambiguous: its domain belongs to {', '.join(found)}")
    if not found:
        raise SignInError(f"{email}: no access: no company has a rule for it")
    return found[0], "user"
