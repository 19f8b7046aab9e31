"""The lists of `login.get_settings`, told apart from lists that the answer lacks (contract 2.5).

A server may leave out a list that is empty, which is not documented. Taken for that, a list that is merely not shown
would let a rule stay where it was to be taken away. So who misses one asks who holds what it is about.
"""

from __future__ import annotations

from collections.abc import Iterable

from components.clearml.api.calls.sign_in_models import SettingsEntry
from components.clearml.api.errors import Failure, MissingField
from components.clearml.run.session import Session
from components.clearml.sign_in import rule_conflicts


def domains(session: Session, user_id: str, about: Iterable[str], *, fresh: bool = True) -> tuple[str, ...]:
    """The domains of the user's company. Raises MissingField if they are not shown and it has one of these."""
    found = (session.cache.settings.fresh if fresh else session.cache.settings.get)(user_id).domains
    if found is None and rule_conflicts.company_has(session, session.cache.home_of(user_id), domains=about):
        raise _missing("domains")
    return found or ()


def entries(session: Session, user_id: str, about: Iterable[str], *, fresh: bool = True) -> tuple[SettingsEntry, ...]:
    """The whitelist of the user's company. Raises as `domains`."""
    found = (session.cache.settings.fresh if fresh else session.cache.settings.get)(user_id).whitelist_entries
    if found is None and rule_conflicts.company_has(session, session.cache.home_of(user_id), emails=about):
        raise _missing("whitelist_entries")
    return found or ()


def _missing(field: str) -> MissingField:
    return MissingField(Failure("login.get_settings", f"the answer lacks: data.{field}"))
