"""A company's settings as calls give them: features by name, limits as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local.emulator.companies.feature_names import known_features
from local.emulator.configuration.assumptions import Assumptions
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import cast_integer, refuse_field

FEATURE_LISTS = ("features", "exclude_features")
_DEFAULT_LIMITS = ("allowed_users",)


def from_defaults(defaults: Mapping[str, Any] | None, assumptions: Assumptions) -> dict[str, Any]:
    """The settings in `create_company.defaults`; what it does not know is ignored. Raises ApiError 400/12."""
    given = defaults or {}
    found: dict[str, Any] = {
        name: cast_integer(name, given[name]) for name in _DEFAULT_LIMITS if given.get(name) is not None
    }
    if assumptions.defaults_take_features:
        for name in FEATURE_LISTS:
            if given.get(name) is not None:
                found[name] = checked_features(name, given[name], assumptions)
    return found


def changed(stored: Mapping[str, Any], sent: Mapping[str, Any], assumptions: Assumptions) -> dict[str, Any]:
    """Stored settings with those that were sent (not None) laid over them. Raises ApiError 400/12."""
    result = dict(stored)
    for name, value in sent.items():
        if value is None:
            continue
        new = checked_features(name, value, assumptions) if name in FEATURE_LISTS else value
        if isinstance(new, list) and not assumptions.settings_lists_replace:
            new = list(dict.fromkeys([*stored.get(name, []), *new]))
        result[name] = new
    return result


def checked_features(field: str, names: object, assumptions: Assumptions) -> list[str]:
    """The feature names, once each, in the order given. Raises ApiError 400/12 for what is not a list of names."""
    if not isinstance(names, Iterable) or isinstance(names, Mapping):
        raise ApiError(Kind.VALIDATION, f"'{type(names).__name__}' object is not iterable")
    known = known_features(new_server=assumptions.new_server)
    checked: dict[str, None] = {}
    for name in names:
        if name in known or assumptions.unknown_feature == "keep":
            checked[str(name)] = None
        elif assumptions.unknown_feature == "refuse":
            raise refuse_field(field, f"value '{name}' is not a valid choice.")
    return list(checked)
