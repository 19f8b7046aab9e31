"""The companies that no tenant may ever have: the server's own, that of our own key, and any with who runs the server.

Whoever is admin there, is admin of the platform (contract 3). No file and no stack can grant it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from components.clearml.api.calls import tenants, users
from components.clearml.api.errors import ImpersonationRefused, InvalidRequest
from components.clearml.api.models import CompanyInfo, UserInfo
from components.clearml.run.company_refusals import CompanyOfPlatform
from components.clearml.run.session import Session

SERVERS_OWN = "d1bd92a3b039400cbafc60a7a5b1e52b"
_RUNS_THE_SERVER = frozenset({"system", "root"})
# Identities of the server's configuration are users of these ids.
_SUPERVISORS = ("__supervisor__", "__platform_management__")


def refuse(session: Session, company: CompanyInfo, admin_email: str, *, on_purpose: bool) -> None:
    """Raises CompanyOfPlatform, FailedCall.

    `on_purpose`: it is taken over whoever is in it; else nobody is, which is judged elsewhere.
    """
    if company.id == SERVERS_OWN:
        raise CompanyOfPlatform(company.name, company.id, "is the server's own")
    if not on_purpose:
        return
    if company.id == session.own_company():
        raise CompanyOfPlatform(company.name, company.id, "is that of the key that this program signs in with")
    for user_id in _SUPERVISORS:
        with suppress(ImpersonationRefused, InvalidRequest):
            if session.cache.home_of(user_id) == company.id:
                raise CompanyOfPlatform(company.name, company.id, f"has the user {user_id}, who sees every tenant")
    there = _people(session, company, admin_email)
    if above := next((user for user in _with_roles(session, there) if user.role in _RUNS_THE_SERVER), None):
        text = f"has the user {above.email or above.name or above.id} with role {above.role}"
        raise CompanyOfPlatform(company.name, company.id, text)


def _people(session: Session, company: CompanyInfo, admin_email: str) -> tuple[UserInfo, ...]:
    """Who is in the company, as far as the server says it to who has no user there."""
    admin = users.by_email(session.client, admin_email)
    if admin is not None:
        with suppress(ImpersonationRefused):
            if session.cache.home_of(admin.id) == company.id:
                return users.colleagues(session.client, admin.id)
    return tenants.people(session.client, company.id) if session.cache.offers(tenants.INFO) else ()


def _with_roles(session: Session, there: Iterable[UserInfo]) -> tuple[UserInfo, ...]:
    known = tuple(there)
    asked = [user.id for user in known if user.role is None]
    if not asked:
        return known
    return (*known, *users.by_ids(session.client, asked))
