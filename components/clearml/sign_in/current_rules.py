"""What a tenant's sign-in rules are now, as a refresh asks: one list of every tenant's rules, if the server offers it.

The list tells the role of a pending entry, which `login.get_settings` does not. Whether it tells of accepted ones is
not documented (contract 2.5), and a surprise is asked again before it is believed: what looks otherwise in it than it
was declared is asked of the tenant itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from components.clearml.api.calls.sign_in_models import Rule
from components.clearml.run.session import Session
from components.clearml.sign_in import login_settings
from components.clearml.sign_in.moves import canonical


def domains(session: Session, user_id: str, declared: frozenset[str]) -> frozenset[str]:
    """The domains of the user's company. Raises ImpersonationRefused if the user is gone, FailedCall."""
    rules = _listed(session, user_id)
    if rules is not None and canonical(rule.domain for rule in rules if rule.domain) == declared:
        return declared
    return canonical(login_settings.domains(session, user_id, declared, fresh=False))


def entries(session: Session, user_id: str, declared: Mapping[str, str]) -> dict[str, str]:
    """Those of the declared e-mails that the user's company has, with their roles. Raises as `domains`.

    An entry whose role the server does not show keeps the declared one, and so does an accepted one: what a user may
    do who has signed in is decided by the tenant's admins.
    """
    rules = _listed(session, user_id)
    roles = {} if rules is None else {email: rule.role_name for rule in rules for email in rule.addresses}
    if rules is not None and all(email in roles and roles[email] in (role, None) for email, role in declared.items()):
        return dict(declared)
    there = {entry.email.casefold(): entry for entry in login_settings.entries(session, user_id, declared, fresh=False)}
    pending = {email for email, entry in there.items() if not entry.accepted}
    return {
        email: (roles.get(email) if email in pending else None) or role
        for email, role in declared.items()
        if email in there
    }


def _listed(session: Session, user_id: str) -> tuple[Rule, ...] | None:
    """The company's rules in the list of all; None if there is no list, or it is older than a write of ours."""
    home = session.cache.home_of(user_id)
    if home in session.ledger.rule_writes:
        return None
    every = session.cache.every_rule()
    return None if every is None else every.by_company.get(home, ())
