"""Whether anybody is in a company in which we have no user to look with: refused in doubt.

`users.get_all` shows the company in effect alone. What else tells (contract 2.1, 2.2, 2.5): how many there are
(`system.get_companies`), the sign-in rules, and where it is offered, who there is (`tenants.get_tenant_info`).

ASSUMPTION (contract 8): the number counts internal users, such as every admin that the document's calls make. Where the
admins of our own companies show that it does not, a company of no users may be somebody's.
"""

from __future__ import annotations

from contextlib import suppress

from components.clearml.api.calls import companies, tenants
from components.clearml.api.errors import ImpersonationRefused
from components.clearml.api.models import CompanyInfo
from components.clearml.run.company_refusals import CompanyTaken
from components.clearml.run.refusals import listed
from components.clearml.run.session import Session

_SAMPLE = 5
"""Of how many of our admins it is asked at most where they are; one whose company nobody has signed in to tells."""


def refuse_inhabited(session: Session, company: CompanyInfo, admin_email: str, *, just_made: bool) -> None:
    """Raises CompanyTaken unless nobody is in it, FailedCall.

    `just_made`: it appeared after a call of ours to make it, so that a server that does not count users is believed.
    """
    count = companies.user_count(session.client, company)
    why = _inhabited(session, company, admin_email, count)
    if why is None and not just_made:
        why = _doubtful(session, admin_email, count)
    if why:
        raise CompanyTaken(company.name, company.id, why)


def _inhabited(session: Session, company: CompanyInfo, admin_email: str, count: int | None) -> str | None:
    """What shows that somebody is in it."""
    if count:
        return f"has users ({count}), of whom {admin_email} is none"
    rules = session.cache.every_rule()
    if rules is not None and company.id in rules.by_company:
        return f"has sign-in rules, but {admin_email} is not in it"
    people = tenants.people(session.client, company.id) if session.cache.offers(tenants.INFO) else ()
    if people:
        return f"has other users than {admin_email}: {listed(each.email or each.id for each in people)}"
    return None


def _doubtful(session: Session, admin_email: str, count: int | None) -> str | None:
    """Why somebody may be in it although nothing shows it."""
    if count is None:
        return f"{admin_email} is not in it, and the server does not say who is"
    if _counts_no_internal_users(session, admin_email):
        return f"{admin_email} is not in it, and the server does not count internal users, as somebody's admin would be"
    return None


def _counts_no_internal_users(session: Session, admin_email: str) -> bool:
    """Whether a company of ours is said to have nobody, although its admin is in it."""
    counts = companies.user_counts(session.client)
    for user in session.admins_before(admin_email)[:_SAMPLE]:
        with suppress(ImpersonationRefused):
            if counts.get(session.cache.home_of(user.id)) == 0:
                return True
    return False
