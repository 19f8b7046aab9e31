"""Which service accounts of a company are a tenant's: by their name, which no person would give one.

The name begins as the labels of the tenant's keys do, `<stack>/<tenant>/`. Of two with one name, which only a server
leaves behind that went on after a run had given up, one is kept.
"""

from __future__ import annotations

import re

from components.clearml.api.calls import service_users
from components.clearml.api.calls.service_user_models import ServiceUser
from components.clearml.api.errors import Forbidden, UnknownEndpoint
from components.clearml.api.log import log
from components.clearml.credentials.revocation import revoke_all
from components.clearml.run.session import Session

ROLE = "admin"
_NAME = re.compile(r"[^/]+/[^/]+/(?:workers|owners)")


def named(session: Session, admin_id: str, name: str) -> list[ServiceUser]:
    """Those of this name, in a settled order. Raises FailedCall."""
    found = service_users.of_company(session.client, admin_id)
    return sorted((each for each in found if each.name == name), key=lambda each: each.id)


def the_one(session: Session, admin_id: str, name: str) -> ServiceUser | None:
    """The account of this name, without the key that it was made with; None if there is none. Raises FailedCall."""
    found = named(session, admin_id, name)
    if not found:
        return None
    kept, *others = found
    for other in others:
        remove(session, admin_id, other)
        log(f"service account {name} (id {other.id}) was deleted: there is another one of that name")
    # A key of people has been used, or has a label of theirs; the first key has neither.
    revoke_all(session, kept.id, lambda key: not key.label and not key.last_used)
    return kept


def remove(session: Session, admin_id: str, account: ServiceUser) -> None:
    """Delete it, and after a lost answer look whether it is gone. Raises FailedCall."""

    def write() -> bool:
        service_users.delete(session.client, admin_id, account.id)
        return True

    def look() -> bool | None:
        there = service_users.of_company(session.client, admin_id)
        return None if any(each.id == account.id for each in there) else True

    try:
        session.write_and_verify(write, look)
    finally:
        session.cache.credentials.drop(account.id)
        session.cache.profiles.drop(account.id)


def of_a_program(session: Session, admin_id: str) -> frozenset[str]:
    """The ids of the company's accounts that a program made which is like this one. Raises FailedCall."""
    try:
        found = service_users.of_company(session.client, admin_id)
    except (Forbidden, UnknownEndpoint):
        # An older server, which has no service accounts.
        return frozenset()
    return frozenset(each.id for each in found if _NAME.fullmatch(each.name))
