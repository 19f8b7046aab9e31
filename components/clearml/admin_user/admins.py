"""Whether the user with the declared e-mail can be a company's admin; one e-mail is one user of the whole server."""

from __future__ import annotations

from components.clearml.api.calls import users
from components.clearml.api.errors import ImpersonationRefused
from components.clearml.api.models import CurrentIdentity, UserInfo
from components.clearml.run.refusals import UserTaken
from components.clearml.run.session import Session

ROLE = "admin"
_NOBODY = "a company that nobody may act in, most likely a deleted one"


def of_company(session: Session, email: str, company_id: str, *, fresh: bool = False) -> CurrentIdentity | None:
    """The company's admin of this e-mail; None if nobody has the e-mail. Raises UserTaken, FailedCall.

    `fresh`: as the server says now, not as this run has read it before.
    """
    known = users.by_email(session.client, email)
    if known is None:
        return None
    try:
        user = (session.cache.profiles.fresh if fresh else session.cache.profiles.get)(known.id).user
    except ImpersonationRefused:
        raise UserTaken(email, known.id, f"of {_NOBODY}") from None
    if user.company.id != company_id:
        where = f"company {user.company.name!r} (id {user.company.id})" if user.company.name else user.company.id
        raise UserTaken(email, user.id, f"of {where}")
    if user.role != ROLE:
        fix = "make it an admin in the web interface (Settings > Users & Groups), or "
        raise UserTaken(email, user.id, f"of this company with role {user.role}, not {ROLE}", fix)
    session.cache.set_home(user.id, company_id)
    return user


def refuse_elsewhere(session: Session, email: str) -> None:
    """Raises UserTaken if anybody has the e-mail; for a tenant whose company is still to be made."""
    user = session.user_before(email)
    if user is not None:
        hint = "(if that is this tenant's: rename the file and the company in two runs)"
        raise UserTaken(email, user.id, f"of {_home(session, user)} {hint}")


def _home(session: Session, user: UserInfo) -> str:
    try:
        return session.cache.company_named(session.cache.home_of(user.id))
    except ImpersonationRefused:
        return _NOBODY
