"""Whether a company that has our name already is ours: made by a run whose end was lost, or kept by a removal.

Ours is one whose users are at most the declared admin. The judgement holds whether or not the server counts and lists
internal users, which is not documented (contract 8).
"""

from __future__ import annotations

from collections.abc import Sequence

from components.clearml import companies, users
from components.clearml.models import CompanyInfo, UserInfo
from components.clearml.refusals import CompanyAmbiguous, CompanyTaken, listed
from components.clearml.session import Session


def named(every: Sequence[CompanyInfo], name: str) -> CompanyInfo | None:
    """The one active company of that name. Raises CompanyAmbiguous, or CompanyTaken if only the case differs."""
    active = [company for company in every if company.active is not False]
    exact = [company for company in active if company.name == name]
    if len(exact) > 1:
        raise CompanyAmbiguous(name, (company.id for company in exact))
    if exact:
        return exact[0]
    # The server takes names that differ in case only for the same (2.1), and so would people.
    alike = [company for company in active if company.name.casefold() == name.casefold()]
    if alike:
        raise CompanyTaken(alike[0].name, alike[0].id, f"differs from {name!r} in upper and lower case only")
    return None


def refuse_foreign(session: Session, company: CompanyInfo, admin_email: str, *, just_made: bool = False) -> None:
    """Raises CompanyTaken, naming who is there, unless the company's users are at most the declared admin.

    `just_made`: it appeared after a call of ours to make it, so that a server that does not count users is believed.
    """
    client = session.client
    admin = _admin_of(session, company, admin_email)
    others = [user for user in users.colleagues(client, admin.id) if user.id != admin.id] if admin else []
    if others:
        names = listed(user.email or user.name or user.id for user in others)
        raise CompanyTaken(company.name, company.id, f"has other users than {admin_email}: {names}")
    count = companies.user_count(client, company)
    if count is None and admin is None and not just_made:
        raise CompanyTaken(company.name, company.id, f"{admin_email} is not in it, and the server does not say who is")
    if (count or 0) > (1 if admin else 0):
        raise CompanyTaken(company.name, company.id, f"has {count} users, not only {admin_email}")
    rules = session.every_rule() if admin is None else None
    if rules is not None and company.id in rules.by_company:
        raise CompanyTaken(company.name, company.id, f"has sign-in rules, but {admin_email} is not in it")


def _admin_of(session: Session, company: CompanyInfo, email: str) -> UserInfo | None:
    found = users.by_email(session.client, email)
    if found is None or session.home_of(found.id) != company.id:
        return None
    return found
