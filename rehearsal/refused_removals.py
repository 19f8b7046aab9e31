"""What is refused whatever the server says: a protected tenant that goes, and a tenant that gets another company.

It is told, and previewed as if it were not refused: one refusal would stop the preview, and nobody would see what else
the change does.
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
    present = dict(tenants_in(after, stack))
    admins = {admin_of(tenant) for tenant in present.values()}
    text = "is protected, so its removal is refused; put its file back, or write protect: false into it and deploy that"
    return [
        Finding(Where(file_of(stack, name), name, ""), f"{text} first")
        for name, tenant in tenants_in(before, stack)
        if name not in present and admin_of(tenant) not in admins and tenant.get("protect", True) is True
    ]


def refused_companies(before: Path, after: Path, stack: str) -> list[Finding]:
    """One for each tenant whose file named a company by its id, and names another one now."""
    earlier = {admin_of(tenant): tenant.get("companyId") for _, tenant in tenants_in(before, stack)}
    text = "a tenant keeps its company; put {} back or leave it out, or give the other company a file of its own"
    return [
        Finding(Where(file_of(stack, name), name, "companyId"), text.format(earlier[admin_of(tenant)]))
        for name, tenant in tenants_in(after, stack)
        if tenant.get("companyId") and earlier.get(admin_of(tenant)) not in (None, tenant["companyId"])
    ]


def unprotected(tenant: Mapping[str, Any]) -> dict[str, Any]:
    """The content of its file, with the protection taken off."""
    return {**tenant, "protect": False}


def tenants_in(copy: Path, stack: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Name and content of each tenant's file in the copy that can be read."""
    for path in sorted((copy / "config" / "tenants" / stack).glob("*.yaml")):
        try:
            yield path.stem, read_mapping(path, path.name)
        except ConfigurationError:
            continue


def admin_of(tenant: Mapping[str, Any]) -> str:
    """The address by which the tenant is known whatever its file is called."""
    admin = tenant.get("admin")
    return str(admin.get("email") if isinstance(admin, Mapping) else "").lower()
