"""What changes in a tenant's features and user limit, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BECOMES = {"granted": "is granted", "excluded": "is excluded"}
_ENDS = {"granted": "is not granted by the tenant any more", "excluded": "is not excluded any more"}


def feature_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """One line for each feature, then one for the limit; `old` and `new` are the inputs of the tenant's `Features`."""
    was, is_ = old.get("features") or {}, new.get("features") or {}
    changes = [
        f"`{name}` {_BECOMES[is_[name]] if name in is_ else _ENDS[was[name]]}"
        for name in sorted(was.keys() | is_.keys())
        if was.get(name) != is_.get(name)
    ]
    return [*changes, *_limit(old.get("allowed_users"), new.get("allowed_users"))]


def _limit(old: object, new: object) -> list[str]:
    if old == new:
        return []
    if not new:
        return [f"the limit of {_number(old)} users stays: no call lifts it"]
    return [f"at most {_number(new)} users" + (f" instead of {_number(old)}" if old else "")]


def _number(value: object) -> str:
    """The engine's own numbers are floats."""
    return f"{value:.0f}" if isinstance(value, float) else str(value)
