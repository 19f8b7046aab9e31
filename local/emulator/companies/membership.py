"""Adding a user to a company: the auth record and the profile together, within the company's limit."""

from __future__ import annotations

import sqlite3
from typing import Any

from local.emulator.configuration.assumptions import Assumptions
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import is_email
from local.emulator.store import clock, companies, users
from local.emulator.store.companies import Company
from local.emulator.store.database import Database
from local.emulator.store.identifiers import new_id
from local.emulator.store.users import User


def add_user(
    db: Database,
    assumptions: Assumptions,
    company: str,
    email: str,
    role: str,
    *,
    internal: bool = False,
    profile: dict[str, Any],
) -> str:
    """Make a user; `profile` has at least `name`. Returns the id. Raises ApiError 400: 800, 801, or limit reached."""
    if not is_email(email):
        raise ApiError(Kind.DATA_VALIDATION, email=f"Invalid email address: {email}")
    if not internal:
        _check_limit(db, assumptions, company)
    user = User(new_id(), profile["name"], email, company, role, internal, False, None, clock.now())
    try:
        users.save(db, user)
    except sqlite3.IntegrityError:
        raise ApiError(Kind.EXPECTED_UNIQUE, email=email) from None
    users.create_profile(db, user.id, company, profile)
    return user.id


def add_service_user(
    db: Database, assumptions: Assumptions, company: Company, name: str, *, runs_as_owner: bool
) -> User:
    """Make a service account with role `user`. Raises ApiError 400 beyond the company's limit."""
    limit = company.settings.get("allowed_service_users")
    if limit is not None and assumptions.allowed_users_enforced and users.count_service(db, company.id) >= limit:
        text = "maximum number of service users reached"
        raise ApiError(Kind.BAD_REQUEST, text, company=company.id, allowed_service_users=limit)
    identifier = new_id()
    flags = {"service": True, "runs_as_owner": runs_as_owner}
    user = User(identifier, name, identifier, company.id, "user", False, False, None, clock.now(), **flags)
    users.save(db, user)
    users.create_profile(db, user.id, company.id, {"name": name})
    return user


def _check_limit(db: Database, assumptions: Assumptions, company_id: str) -> None:
    company = companies.find(db, company_id)
    limit = company.settings.get("allowed_users") if company else None
    if limit is None or not assumptions.allowed_users_enforced:
        return
    if users.count(db, company_id, internal_too=assumptions.internal_users_count) >= limit:
        raise ApiError(Kind.BAD_REQUEST, "maximum number of users reached", company=company_id, allowed_users=limit)
