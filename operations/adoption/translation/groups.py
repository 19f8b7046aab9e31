"""Pure: features and groups of users, from a server's variables, or from its configuration where none is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from operations.adoption.translation.environment import Environment

_FEATURES = ("services", "organization", "features")
GROUPS = ("services", "auth", "default_groups")
_ROLES = ("services", "auth", "ui_features_per_role")
_BUILT_IN = ("users", "admins", "queue_admins")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WORD = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")


def features(environment: Environment, services: Mapping[str, Any]) -> dict[str, bool]:
    """The server's own features."""
    found = {name: environment.take(*_FEATURES, name, kind=bool) for name in environment.below(*_FEATURES)}
    said = (services.get("organization") or {}).get("features") or {}
    return {name: on for name, on in {**said, **found}.items() if isinstance(on, bool)}


def ui_features(environment: Environment, services: Mapping[str, Any]) -> dict[str, dict[str, bool]]:
    """What a role sees of the web interface."""
    said = dict((services.get("auth") or {}).get("ui_features_per_role") or {})
    for role in environment.below(*_ROLES):
        names = environment.below(*_ROLES, role)
        found = {name: environment.take(*_ROLES, role, name, kind=bool) for name in names}
        said[role] = {**(said.get(role) or {}), **{name: on for name, on in found.items() if on is not None}}
    return {str(role): dict(shown) for role, shown in said.items() if isinstance(shown, Mapping) and shown}


def groups(environment: Environment, services: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The groups that settings can hold. A group whose id is no UUID stays in variables: with another id it would lose
    its members."""
    said = (services.get("auth") or {}).get("default_groups") or {}
    found = {key: group for key, each in said.items() if (group := _of_configuration(key, each))}
    for key in environment.below(*GROUPS):
        group = _built_in(environment, key) if key in _BUILT_IN else _cross_tenant(environment, key)
        if group:
            found[key] = group
    return found


def _built_in(environment: Environment, key: str) -> dict[str, Any] | None:
    listed = environment.take(*GROUPS, key, "features", kind=list)
    return None if listed is None else {"features": listed}


def _cross_tenant(environment: Environment, key: str) -> dict[str, Any] | None:
    names = set(environment.below(*GROUPS, key))
    probe = environment.copy()
    identifier, name = probe.take(*GROUPS, key, "id"), probe.take(*GROUPS, key, "name")
    listed = probe.take(*GROUPS, key, "features", kind=list)
    whole = names <= {"id", "name", "features", "assignable", "system"}
    if not (
        whole and identifier and _UUID.fullmatch(identifier) and name and listed is not None and _WORD.fullmatch(key)
    ):
        return None
    assignable = probe.take(*GROUPS, key, "assignable", kind=bool)
    environment.drop(*GROUPS, key)
    return {"id": identifier.lower(), "name": name, "features": listed, **({"assignable": True} if assignable else {})}


def _of_configuration(key: str, group: object) -> dict[str, Any] | None:
    if not isinstance(group, Mapping) or not isinstance(group.get("features"), list):
        return None
    if key in _BUILT_IN:
        return {"features": list(group["features"])}
    identifier, name = group.get("id"), group.get("name")
    if not (isinstance(identifier, str) and _UUID.fullmatch(identifier) and isinstance(name, str)):
        return None
    shown = {"id": identifier.lower(), "name": name, "features": list(group["features"])}
    return {**shown, **({"assignable": True} if group.get("assignable") is True else {})}
