"""Whether a company that has our name already is ours: made by a run whose end was lost, or kept by a removal.

Ours is one whose users are at most the declared admin. With the admin in it the judgement holds whether or not the
server counts and lists internal users, which is not documented (contract 8); without, see `occupancy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from components.clearml.admin_user import admins
from components.clearml.api.calls import companies, users
from components.clearml.api.errors import ClearMLError, FailedCall, ImpersonationRefused
from components.clearml.api.models import CompanyInfo, CurrentIdentity, UserInfo
from components.clearml.company import occupancy, platforms_own
from components.clearml.run.company_refusals import (
    CompanyAmbiguous,
    CompanyDeleted,
    CompanyShared,
    CompanyTaken,
    CompanyUnknown,
    CompanyVanished,
    NamedOtherwise,
)
from components.clearml.run.intent import CompanyRequest
from components.clearml.run.refusals import listed
from components.clearml.run.session import Session
from components.clearml.service_account import accounts


def refused(session: Session, request: CompanyRequest) -> bool:
    """Whether a tenant that asks so for its company cannot get it. Raises FailedCall."""
    try:
        if found(session, request) is None:
            refuse_unmakeable(session, request)
    except FailedCall:
        raise
    except ClearMLError:
        return True
    return False


def found(session: Session, request: CompanyRequest, *, just_made: bool = False) -> CompanyInfo | None:
    """The company that a tenant asks for; None if there is none.

    Raises CompanyTaken, CompanyAmbiguous, CompanyUnknown, CompanyShared, CompanyOfPlatform, NamedOtherwise, UserTaken,
    FailedCall.
    """
    name, email, known = request.name, request.admin_email, request.known_id
    every = session.cache.every_company()
    company = named(every, name) if not known else next((each for each in every if each.id == known), None)
    if known and (company is None or company.active is False):
        raise CompanyUnknown(known)
    if company is None or company.id in session.ledger.created_companies:
        return company
    platforms_own.refuse(session, company, email, on_purpose=bool(known or request.adopt))
    if known:
        _refuse_shared(session, company, request)
    if session.ledger.verified_companies.get(company.id) == email.casefold():
        return company
    admin = admins.of_company(session, email, company.id)
    if admin is None and company.name != name:
        raise NamedOtherwise(company.id, name, company.name, email)
    if not known and not request.adopt:
        _refuse_foreign(session, company, email, admin, just_made=just_made)
    if not known and admin is None:
        _refuse_shared(session, company, request)
    return company


def by_id(session: Session, company_id: str, name: str) -> CompanyInfo:
    """Raises CompanyVanished unless the company is there, not deleted; `name` is what we know it by."""
    for company in session.cache.every_company():
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


def _refuse_shared(session: Session, company: CompanyInfo, request: CompanyRequest) -> None:
    """Raises CompanyShared if another tenant's admin is in the company; or, of a tenant whose admin is not made yet, if
    its file asks for the company by its name, and for no other by an id.
    """
    mine = request.admin_email.casefold()
    declared = session.intent.by_admin if session.intent else {}
    others = [(admin, other) for admin, other in sorted(declared.items()) if admin != mine]
    there = {user.email.casefold(): user for user in session.admins_before(request.admin_email) if user.email}
    for admin, other in others:
        with suppress(ImpersonationRefused):
            if admin in there and session.cache.home_of(there[admin].id) == company.id:
                raise CompanyShared(company.id, company.name, other.admin_email, by_id=bool(request.known_id))
    for admin, other in others:
        named_so = other.name.casefold() == company.name.casefold()
        if admin not in there and named_so and other.known_id in (None, company.id):
            raise CompanyShared(company.id, company.name, other.admin_email, by_id=bool(request.known_id))


def _refuse_foreign(
    session: Session, company: CompanyInfo, admin_email: str, admin: CurrentIdentity | None, *, just_made: bool
) -> None:
    """Raises CompanyTaken, naming who is there, unless the company's users are at most the declared admin."""
    if admin is None:
        occupancy.refuse_inhabited(session, company, admin_email, just_made=just_made)
        return
    others = [user for user in users.colleagues(session.client, admin.id) if user.id != admin.id]
    count = companies.user_count(session.client, company) or 0
    nobody = _nobody(session, admin, others) if others or count > 1 else frozenset()
    if people := [user for user in others if user.id not in nobody]:
        names = listed(user.email or user.name or user.id for user in people)
        raise CompanyTaken(company.name, company.id, f"has other users than {admin_email}: {names}")
    if count > 1 + len(nobody):
        raise CompanyTaken(company.name, company.id, f"has {count} users, not only {admin_email}")


def _nobody(session: Session, admin: CurrentIdentity, others: Sequence[UserInfo]) -> frozenset[str]:
    """The ids of users who are no people: service accounts of a program, and profiles that a deleted user has left."""
    nameless = [user.id for user in others if user.email is None and user.role is None]
    gone = set(nameless) - {user.id for user in users.by_ids(session.client, nameless)} if nameless else set()
    return accounts.of_a_program(session, admin.id) | gone


def refuse_unmakeable(session: Session, request: CompanyRequest) -> CompanyInfo | None:
    """A deleted company of that name, if there is one. Before there is a company that could never get its admin.

    Raises UserTaken, or CompanyDeleted if the deleted one's admin still has the e-mail we need.
    """
    name, email = request.name, request.admin_email
    every = session.cache.every_company()
    deleted = [each for each in every if each.active is False and each.name.casefold() == name.casefold()]
    if deleted and users.by_email(session.client, email):
        why = f"{email} is a user still, most likely its: give the tenant's admin another e-mail"
        raise CompanyDeleted(deleted[-1].name, deleted[-1].id, why)
    admins.refuse_elsewhere(session, email)
    return deleted[-1] if deleted else None
