"""What left a tenant and is declared there again is written again, whatever the state of its list says.

A run may fail after a rule was taken away and before the list that had it was updated. If the edit is taken back then,
the list's state and its file agree, and the rule is with nobody. So `SignInRuleRemovals` keeps in which of its rounds
what left whom, and a list is given the rounds of what it declares: one that it has not seen makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi.dynamic import CheckResult, DiffResult

from components.clearml.provider import ClearMLProvider, Properties, unknown

REMOVALS = "left"
"""The property of `SignInRuleRemovals` that has the rounds; states have it."""
READDED = "returned"
"""The input of a list that has those of what it declares; states have it."""
_ROUNDS = 100
"""For so many rounds it is kept: until a run succeeds, the edits of the same failure follow each other closely."""

Removals = Mapping[str, Mapping[str, float]]
"""Admin's e-mail to a domain or e-mail to the round; a tenant whose file went is in it in any case."""


class RulesProvider(ClearMLProvider):
    """Of a list of sign-in rules: a change is also what has left and was taken back since it was last written."""

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        return super().check(olds, _without_unknown(olds, news))

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        difference = super().diff(_id, olds, news)
        difference.changes = bool(difference.changes or due(olds, news))
        return difference


def removal_rounds(before: Removals, leaving: Mapping[str, Iterable[str]]) -> dict[str, dict[str, int]]:
    """`before` with what is leaving in this round."""
    latest = max((int(each) for items in before.values() for each in items.values()), default=0)
    now = latest + any(leaving.values())
    found = {
        admin: {name: int(each) for name, each in items.items() if each > now - _ROUNDS}
        for admin, items in before.items()
    }
    for admin, items in leaving.items():
        found.setdefault(admin, {}).update(dict.fromkeys(sorted(items), now))
    return found


def readded_rounds(removals: object, admin: str, declared: Iterable[str]) -> dict[str, int] | None:
    """The rounds in which what a tenant declares has left it; None if nothing has."""
    items = removals.get(admin) if isinstance(removals, Mapping) else None
    found = {name: int(items[name]) for name in sorted(declared) if name in items} if items else {}
    return found or None


def due(olds: Mapping[str, Any], news: Mapping[str, Any]) -> frozenset[str]:
    """What left in a round that the list has not seen."""
    known = olds.get(READDED) or {}
    return frozenset(name for name, each in (news.get(READDED) or {}).items() if known.get(name) != each)


def rounds_of(props: Mapping[str, Any]) -> dict[str, Any]:
    """What a list's state has of it."""
    return {READDED: dict(props[READDED])} if props.get(READDED) else {}


def _without_unknown(olds: Mapping[str, Any], news: dict[str, Any]) -> dict[str, Any]:
    """The inputs with what a preview does not know yet as it was: of most lists nothing has left."""
    if not unknown(news.get(READDED)):
        return news
    return {**{name: value for name, value in news.items() if name != READDED}, **rounds_of(olds)}
