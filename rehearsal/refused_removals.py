"""What is refused whatever the server says: a protected tenant that goes, one that gets another company, and what two
stacks of an environment with shards would both call theirs.

It is told, and previewed as if it were not refused: one refusal would stop the preview, and nobody would see what else
the change does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rehearsal.copies import homes_in
from settings.errors import ConfigurationError
from settings.facts import file_of, stack_file_of
from settings.finding import Finding, Where
from settings.listing import listing
from settings.loading.yaml_file import read_mapping
from settings.shards import Part, shards_of


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


def refused_moves(before: Path, after: Path, environment: str) -> list[Finding]:
    """One for each tenant that goes to another stack under another name, and for each shard that goes with tenants.

    The copies have their shards, and the environment in the copy `after` is valid.
    """
    then, now = homes_in(before, environment), homes_in(after, environment)
    come = {_admin_at(after, environment, name, now[name][0]): name for name in now.keys() - then.keys()}
    found, lost = list[Finding](), dict[str, list[str]]()
    for name in sorted(then.keys() - now.keys()):
        shard = then[name][0]
        called = come.get(_admin_at(before, environment, name, shard), "")
        if called and now[called][0] != shard:
            home, stack = now[called][0], Part(environment, shard).stack
            text = (
                f"was {name} in the stack {stack}, and no tenant gets another name and another stack at once: call it "
                f"{name}.yaml again, then make shard STACK={environment} TENANT={name} SHARD={home or '-'}"
            )
            found.append(Finding(Where(file_of(environment, called, home), called, ""), text))
        elif shard and shard not in shards_of(after, environment):
            lost.setdefault(shard, []).append(name)
    for shard, names in lost.items():
        text = f"goes together with {listing(names)}, and then no run takes them away: keep it until a run of it has"
        found.append(Finding(Where(stack_file_of(Part(environment, shard).stack), "", ""), text))
    return found


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


def _admin_at(copy: Path, environment: str, name: str, shard: str) -> str:
    try:
        return admin_of(read_mapping(copy / file_of(environment, name, shard), name))
    except ConfigurationError:
        return ""


def admin_of(tenant: Mapping[str, Any]) -> str:
    """The address by which the tenant is known whatever its file is called."""
    admin = tenant.get("admin")
    return str(admin.get("email") if isinstance(admin, Mapping) else "").lower()
