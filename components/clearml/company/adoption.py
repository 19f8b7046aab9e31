"""Whether a company that has our name already is ours: made by a run whose end was lost, or kept by a removal.

Ours is one whose users are at most the declared admin. With the admin in it the judgement holds whether or not the
server counts and lists internal users, which is not documented (contract 8); without, see `strangers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from components.clearml.admin_user import admins
from components.clearml.api.calls import companies, users
from components.clearml.api.errors import ClearMLError, FailedCall, ImpersonationRefused
from components.clearml.api.models import CompanyInfo, UserSelf
from components.clearml.company import occupancy as strangers
from components.clearml.company import platforms_own
from components.clearml.run.refusals import (
    CompanyAmbiguous,
    CompanyDeleted,
    CompanyShared,
    CompanyTaken,
    CompanyUnknown,
    CompanyVanished,
    NamedOtherwise,
    listed,
)
from components.clearml.run.session import Session


def refused(session: Session, asked: Mapping[str, Any]) -> bool:
    """Whether a tenant that asks so for its company cannot get it. Raises FailedCall."""
    try:
        if found(session, asked) is None:
            refuse_unmakeable(session, asked)
    except FailedCall:
        raise
    except ClearMLError:
        return True
    return False


def found(session: Session, asked: Mapping[str, Any], *, just_made: bool = False) -> CompanyInfo | None:
    """The company that a tenant asks for by the inputs of `Company`; None if there is none.

    Raises CompanyTaken, CompanyAmbiguous, CompanyUnknown, CompanyShared, CompanyOfPlatform, NamedOtherwise, UserTaken,
    FailedCall.
    """
    name, email, known = str(asked["name"]), str(asked["admin_email"]), asked.get("known_id")
    every = session.every_company()
    company = named(every, name) if not known else next((each for each in every if each.id == known), None)
    if known and (company is None or company.active is False):
        raise CompanyUnknown(str(known))
    if company is None or company.id in session.made:
        return company
    platforms_own.refuse(session, company, email, on_purpose=bool(known or asked.get("adopt")))
    if known:
        _refuse_shared(session, company, email)
    if session.held.get(company.id) == email.casefold():
        return company
    admin = admins.of_company(session, email, company.id)
    if admin is None and company.name != name:
        raise NamedOtherwise(company.id, name, company.name, email)
    if not known and not asked.get("adopt"):
        _refuse_foreign(session, company, email, admin, just_made=just_made)
    return company


def by_id(session: Session, company_id: str, name: str) -> CompanyInfo:
    """Raises CompanyVanished unless the company is there, not deleted; `name` is what we know it by."""
    for company in session.every_company():
        if company.id == company_id and company.active is not False:
            return company
    raise CompanyVanished(name, company_id)


def named(every: Sequence[CompanyInfo], name: str) -> CompanyInfo | None:
    """The one active company of that name. Raises CompanyAmbiguous, or CompanyTaken if only the case differs."""
    active = [company for company in every if company.active is not False]
    exact = [company for company in active if company.name == name]
    if len(exact) > 1:
        raise CompanyAmbiguous(name, (company.id for company in exact))
    if exact:
        return exact[0]
    # The server takes names that differ in case only for the same (contract 2.1), and so would people.
    alike = [company for company in active if company.name.casefold() == name.casefold()]
    if alike:
        why = f"differs from {name!r} in upper and lower case only"
        raise CompanyTaken(alike[0].name, alike[0].id, why, same=False)
    return None


def _refuse_shared(session: Session, company: CompanyInfo, admin_email: str) -> None:
    """Raises CompanyShared if another tenant's admin is in the company; or, of a tenant whose admin is not made yet, if
    its file asks for the company by its name, and for no other by an id.
    """
    mine = admin_email.casefold()
    there = session.admins_before(admin_email)
    for user in there:
        with suppress(ImpersonationRefused):
            if user.email and user.email.casefold() != mine and session.home_of(user.id) == company.id:
                raise CompanyShared(company.id, company.name, user.email)
    known = {user.email.casefold() for user in there if user.email}
    for admin, asked in sorted(session.asked.items()):
        named_so = str(asked.get("name")).casefold() == company.name.casefold()
        if admin != mine and admin not in known and named_so and asked.get("known_id") in (None, company.id):
            raise CompanyShared(company.id, company.name, admin)


def _refuse_foreign(
    session: Session, company: CompanyInfo, admin_email: str, admin: UserSelf | None, *, just_made: bool
) -> None:
    """Raises CompanyTaken, naming who is there, unless the company's users are at most the declared admin."""
    if admin is None:
        strangers.refuse_inhabited(session, company, admin_email, just_made=just_made)
        return
    others = [user for user in users.colleagues(session.client, admin.id) if user.id != admin.id]
    if others:
        names = listed(user.email or user.name or user.id for user in others)
        raise CompanyTaken(company.name, company.id, f"has other users than {admin_email}: {names}")
    count = companies.user_count(session.client, company) or 0
    if count > 1:
        raise CompanyTaken(company.name, company.id, f"has {count} users, not only {admin_email}")


def refuse_unmakeable(session: Session, asked: Mapping[str, Any]) -> CompanyInfo | None:
    """A deleted company of that name, if there is one. Before there is a company that could never get its admin.

    Raises UserTaken, or CompanyDeleted if the deleted one's admin still has the e-mail we need.
    """
    name, email = str(asked["name"]), str(asked["admin_email"])
    every = session.every_company()
    deleted = [each for each in every if each.active is False and each.name.casefold() == name.casefold()]
    if deleted and users.by_email(session.client, email):
        why = f"{email} is a user still, most likely its: give the tenant's admin another e-mail"
        raise CompanyDeleted(deleted[-1].name, deleted[-1].id, why)
    admins.refuse_elsewhere(session, email)
    return deleted[-1] if deleted else None
