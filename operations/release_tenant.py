"""Takes a tenant out of the program's hands: the stack's state forgets it, and it runs on as it is.

Neither the API nor a cluster is called. The engine sees no removal afterwards, for there is nothing left to remove.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pulumi.runtime import rpc

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.preview.steps import tenant_of
from settings.facts import file_of
from settings.types.naming import DEPARTURES


def release_tenant(root: Path, name: str, tenant: str, *, no_run_at_work: bool) -> list[str]:
    """What was done and what has to be done next, one line each; a second call finds nothing more to do.

    In an environment with shards `operations.shards.release` does it. Raises OperationError: a run is at work or may
    be, the last one died at this tenant, or nobody knows the tenant.
    """
    engine = EngineStack(root, name)
    exported = require_releasable(engine, tenant, no_run_at_work=no_run_at_work)
    file = file_of(name.rpartition("/")[2], tenant)
    there = (root / file).exists()
    if not there and not is_known(exported, tenant):
        raise OperationError(f"stack {name}: neither its state nor {file} has a tenant {tenant}: see `make status`")
    return told_of(tenant, name, forget(engine, exported, tenant), [file] if there else [])


def require_releasable(engine: EngineStack, tenant: str, *, no_run_at_work: bool) -> Mapping[str, Any]:
    """The stack as it is exported. Raises OperationError: a run is at work or may be, or died at this tenant."""
    engine.require_idle()
    engine.require_lock_visibility(assume_unlocked=no_run_at_work)
    exported = engine.exported()
    require_none_pending(_deployment(exported), engine.name, tenant)
    return exported


def is_known(exported: Mapping[str, Any], tenant: str) -> bool:
    """Whether the exported state has resources or sign-in rules of the tenant."""
    resources = _deployment(exported).get("resources") or []
    return bool(urns_of(tenant, resources)) or any(_has_rules(each, tenant) for each in resources)


def forget(engine: EngineStack, exported: Mapping[str, Any], tenant: str) -> int:
    """Put the state without the tenant in the place of the exported one; returns how many resources left it.

    Raises OperationError.
    """
    deployment = _deployment(exported)
    if is_known(exported, tenant):
        engine.replace({**exported, "deployment": without_tenant(deployment, tenant)})
    return len(urns_of(tenant, deployment.get("resources") or []))


def told_of(tenant: str, name: str, resources: int, files: Iterable[str]) -> list[str]:
    """What was done and what has to be done next, a line each."""
    return [
        f"tenant {tenant}: {resources} resources left the state of stack {name}; company, keys, sign-in rules, "
        "namespace, and releases stay as they are",
        *(
            f"next: git rm {file} in the same pull request, before the next deploy: as long as this file is there, a "
            "deploy takes the tenant back"
            for file in files
        ),
    ]


def _deployment(exported: Mapping[str, Any]) -> Mapping[str, Any]:
    return exported.get("deployment") or {}


def without_tenant(deployment: Mapping[str, Any], tenant: str) -> dict[str, Any]:
    """Pure: `deployment` as `pulumi stack export` has it under that key, without all that is of this tenant.

    So without its resources, its rules among those of all tenants, and its part of the stack's outputs.
    """
    rest = without_resources(deployment, tenant)
    return {**rest, "resources": [_without_rules(each, tenant) for each in rest["resources"]]}


def without_resources(deployment: Mapping[str, Any], tenant: str) -> dict[str, Any]:
    """As `without_tenant`, with its rules: those of a shard's tenant stay with the platform."""
    resources = deployment.get("resources") or []
    forgotten = urns_of(tenant, resources)
    kept = [_without_output(each, tenant) for each in resources if each["urn"] not in forgotten]
    return {**deployment, "resources": [_without_references(each, forgotten) for each in kept]}


def urns_of(tenant: str, resources: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Of the tenant's component and of all below it."""
    parents = {str(each["urn"]): each.get("parent") for each in resources}
    return frozenset(urn for urn in parents if tenant_of(urn, parents) == tenant)


def require_none_pending(deployment: Mapping[str, Any], name: str, tenant: str, first: str = "") -> None:
    """Raises OperationError if a run of the stack `name` died while it changed something of the tenant.

    `first`: what the run that settles it waits for, like `put the file back, then `.
    """
    pending = [each["resource"] for each in deployment.get("pending_operations") or []]
    urns = urns_of(tenant, [*(deployment.get("resources") or []), *pending])
    if any(each["urn"] in urns for each in pending):
        raise OperationError(
            f"stack {name}: the last run died at tenant {tenant}, and what it made there is in no state: "
            f"{first}pulumi up --stack {name}, then run this again"
        )


def _has_rules(resource: Mapping[str, Any], tenant: str) -> bool:
    parts = [resource.get(part) or {} for part in ("inputs", "outputs")] if resource["type"] == DEPARTURES else []
    return any(declared.get("tenant") == tenant for part in parts for declared in (part.get("tenants") or {}).values())


def _without_rules(resource: Mapping[str, Any], tenant: str) -> Mapping[str, Any]:
    if resource["type"] != DEPARTURES:
        return resource
    parts = {part: _without_tenants_rules(resource.get(part) or {}, tenant) for part in ("inputs", "outputs")}
    return {**resource, **parts}


def _without_tenants_rules(properties: Mapping[str, Any], tenant: str) -> dict[str, Any]:
    tenants = properties.get("tenants") or {}
    kept = {admin: declared for admin, declared in tenants.items() if declared.get("tenant") != tenant}
    return {**properties, "tenants": kept}


def _without_output(resource: Mapping[str, Any], tenant: str) -> Mapping[str, Any]:
    outputs = resource.get("outputs") or {}
    tenants = outputs.get("tenants") if resource["type"] == "pulumi:pulumi:Stack" else None
    if not isinstance(tenants, Mapping) or rpc._special_sig_key in tenants:
        # Encrypted: left as it is.
        return resource
    kept = {name: told for name, told in tenants.items() if name != tenant}
    return {**resource, "outputs": {**outputs, "tenants": kept}}


def _without_references(resource: Mapping[str, Any], forgotten: frozenset[str]) -> dict[str, Any]:
    """The engine takes no state in which one resource waits for another that is not there."""
    known = dict(resource)
    if "dependencies" in known:
        known["dependencies"] = _without(forgotten, known["dependencies"])
    if "propertyDependencies" in known:
        listed = known["propertyDependencies"].items()
        known["propertyDependencies"] = {name: _without(forgotten, urns or []) for name, urns in listed}
    return known


def _without(forgotten: frozenset[str], urns: Iterable[str]) -> list[str]:
    return [each for each in urns if each not in forgotten]
