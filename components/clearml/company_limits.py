"""What a company may use of service accounts and applications, as `Features` writes and reads it (contract 2.1). Pure.

A limit is kept under the server's name for it. No call is known that takes one back, so one that was declared stays
declared; a list of what is excluded alone is taken back by an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_SETTINGS = {
    "allowed_service_users": "allowedServiceUsers",
    "max_running_apps": "applications.maxRunning",
    "supported_application_categories": "applications.categories",
    "supported_application_ids": "applications.ids",
}
_EXCLUDED = "excluded_application_categories"
LIMITS = (*_SETTINGS, _EXCLUDED)


def declared(props: Mapping[str, Any]) -> dict[str, Any]:
    """The limits among a resource's inputs; the engine makes every number a float."""
    found = props.get("limits") or {}
    return {name: int(value) if isinstance(value, float) else value for name, value in found.items()}


def not_taken_back(olds: Mapping[str, Any], news: Mapping[str, Any]) -> str | None:
    """What to write again, if a limit is declared no more that the API cannot take away."""
    before, after = declared(olds), declared(news)
    lost = [f"{_SETTINGS[name]}: {_written(before[name])}" for name in _SETTINGS if name in before.keys() - after]
    if not lost:
        return None
    return f"the API cannot remove a limit: put back {', '.join(lost)}, or write another value"


def wanted(news: Mapping[str, Any], olds: Mapping[str, Any]) -> dict[str, Any]:
    """The fields to send: those declared now, and an empty list in place of what was excluded before."""
    taken_back: dict[str, Any] = {_EXCLUDED: []} if _EXCLUDED in declared(olds) else {}
    return {**taken_back, **declared(news)}


def as_read(props: Mapping[str, Any], there: object) -> dict[str, Any]:
    """What the server shows of the limits that are declared; the declared one where it shows none."""
    return {name: _found(getattr(there, name), value) for name, value in declared(props).items()}


def _found(there: object, ours: object) -> object:
    if isinstance(there, Sequence) and not isinstance(there, str):
        return ours if isinstance(ours, list) and sorted(there) == sorted(ours) else list(there)
    return ours if there is None else there


def _written(value: object) -> str:
    return (
        f"[{', '.join(map(str, value))}]" if isinstance(value, Iterable) and not isinstance(value, str) else str(value)
    )
