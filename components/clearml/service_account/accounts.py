"""Which service accounts of a company are a tenant's: by their name, which no person would give one.

The name begins as the labels of the tenant's keys do, `<stack>/<tenant>/`. Of two with one name, which only a server
leaves behind that went on after a run had given up, the one is kept whose keys are in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from components.clearml.api.calls import service_users
from components.clearml.api.calls.service_user_models import ServiceUser
from components.clearml.api.errors import Forbidden, UnknownEndpoint
from components.clearml.api.log import log
from components.clearml.api.models import KeyInfo
from components.clearml.credentials.key_labels import use_of
from components.clearml.credentials.key_times import ends_within, last_use
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
    keys = {each.id: session.cache.credentials.fresh(each.id) for each in found}
    kept, *others = sorted(found, key=lambda each: last_use(keys[each.id]), reverse=True)
    for other in others:
        if _is_a_leftover(keys[other.id]):
            remove(session, admin_id, other)
            log(f"service account {name} (id {other.id}) was deleted: there is another one of that name")
        else:
            log(
                f"service account {name} is there twice: id {kept.id} is taken, and id {other.id} stays, for somebody "
                "has keys of it; delete it in the web interface when nobody uses them any more"
            )
    revoke_all(session, kept.id, _is_first_key)
    return kept


def _is_first_key(key: KeyInfo) -> bool:
    """The key that an account is made with, whose secret was lost with the run: it was given a minute to live.

    A person's key may have no label either, and may not have been used yet; only of a key that ends now is there
    nothing to lose.
    """
    return not key.label and not key.last_used and ends_within(key, service_users.FIRST_KEY_SECONDS)


def _is_a_leftover(keys: Iterable[KeyInfo]) -> bool:
    """Whether nobody has ever used the account: its keys are the one that it was made with, and ours."""
    strange = [key for key in keys if not use_of(key.label) and not _is_first_key(key)]
    return not last_use(keys)[0] and not strange


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
