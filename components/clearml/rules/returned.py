"""What left a tenant and is declared there again is written again, whatever the state of its list says.

A run may fail after a rule was taken away and before the list that had it was updated. If the edit is taken back then,
the list's state and its file agree, and the rule is with nobody. So `Departures` keeps in which of its rounds what left
whom, and a list is told the rounds of what it declares: one that it has not seen makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from components.clearml.provider import unknown

RETURNED = "returned"
_ROUNDS = 100
"""For so many rounds it is kept: until a run succeeds, the edits of the same failure follow each other closely."""

Left = Mapping[str, Mapping[str, float]]
"""Admin's e-mail to a domain or e-mail to the round; a tenant whose file went is in it in any case."""


def left_now(before: Left, leaving: Mapping[str, Iterable[str]]) -> dict[str, dict[str, int]]:
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


def returned(left: object, admin: str, declared: Iterable[str]) -> dict[str, int] | None:
    """The rounds in which what a tenant declares has left it; None if nothing has."""
    items = left.get(admin) if isinstance(left, Mapping) else None
    found = {name: int(items[name]) for name in sorted(declared) if name in items} if items else {}
    return found or None


def settled(olds: Mapping[str, Any], news: dict[str, Any]) -> dict[str, Any]:
    """The inputs with what a preview does not know yet as it was: of most lists nothing has left."""
    if not unknown(news.get(RETURNED)):
        return news
    return {**{name: value for name, value in news.items() if name != RETURNED}, **kept(olds)}


def due(olds: Mapping[str, Any], news: Mapping[str, Any]) -> frozenset[str]:
    """What left in a round that the list has not seen."""
    seen = olds.get(RETURNED) or {}
    return frozenset(name for name, each in (news.get(RETURNED) or {}).items() if seen.get(name) != each)


def kept(props: Mapping[str, Any]) -> dict[str, Any]:
    """What a list's state keeps of it."""
    return {RETURNED: dict(props[RETURNED])} if props.get(RETURNED) else {}
