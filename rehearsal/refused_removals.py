"""Tenants whose removal is refused, as they are protected: told, and previewed as if they were not.

One refusal would stop the preview, and nobody would see what else the change does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from settings.errors import ConfigurationError
from settings.facts import file_of
from settings.finding import Finding, Where
from settings.loading.yaml_file import read_mapping


def refused_removals(before: Path, after: Path, stack: str) -> list[Finding]:
    """One for each protected tenant of the copy `before` that the copy `after` has under no name."""
    present = dict(_tenants(after, stack))
    admins = {_admin(tenant) for tenant in present.values()}
    text = "is protected, so its removal is refused; put its file back, or write protect: false into it and deploy that"
    return [
        Finding(Where(file_of(stack, name), name, ""), f"{text} first")
        for name, tenant in _tenants(before, stack)
        if name not in present and _admin(tenant) not in admins and tenant.get("protect", True) is True
    ]


def unprotected(tenant: Mapping[str, Any]) -> dict[str, Any]:
    """The content of its file, with the protection taken off."""
    return {**tenant, "protect": False}


def _tenants(copy: Path, stack: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted((copy / "config" / "tenants" / stack).glob("*.yaml")):
        try:
            yield path.stem, read_mapping(path, path.name)
        except ConfigurationError:
            continue


def _admin(tenant: Mapping[str, Any]) -> str:
    """The address by which the tenant is known whatever its file is called."""
    admin = tenant.get("admin")
    return str(admin.get("email") if isinstance(admin, Mapping) else "").lower()
