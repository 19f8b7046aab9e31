"""Takes a tenant out of the program's hands: the stack's state forgets it, and it runs on as it is.

Neither the API nor a cluster is called. The engine sees no removal afterwards, for there is nothing left to remove.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from operations.engine import EngineStack
from operations.errors import OperationError
from settings.facts import file_of
from settings.types.naming import DEPARTURES, TENANT, name_of

# How a state marks a value that is encrypted; such a one is left as it is.
_SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the engine's own mark, the same in every state


def release_tenant(root: Path, name: str, tenant: str, *, no_run_at_work: bool) -> list[str]:
    """What was done and what has to be done next, one line each; a second call finds nothing more to do.

    Raises OperationError: a run is at work or may be, the last one died at this tenant, or nobody knows the tenant.
    """
    engine = EngineStack(root, name)
    engine.require_idle()
    engine.require_lock_visibility(assume_unlocked=no_run_at_work)
    exported = engine.exported()
    deployment = exported.get("deployment") or {}
    file = file_of(name.rpartition("/")[2], tenant)
    there = (root / file).exists()
    forgotten = _resources_of(deployment, tenant)
    if not forgotten and not there:
        raise OperationError(f"stack {name}: neither its state nor {file} has a tenant {tenant}: see `make status`")
    if forgotten:
        _require_none_pending(deployment, forgotten, name, tenant)
        engine.replace({**exported, "deployment": without_tenant(deployment, tenant)})
    told = [
        f"tenant {tenant}: {len(forgotten)} resources left the state of stack {name}; company, keys, sign-in rules, "
        "namespace, and releases stay as they are"
    ]
    if there:
        told.append(
            f"next: git rm {file} in the same pull request, before the next deploy: as long as this file is there, a "
            "deploy takes the tenant back"
        )
    return told


def without_tenant(deployment: Mapping[str, Any], tenant: str) -> dict[str, Any]:
    """Pure: `deployment` as `pulumi stack export` has it under that key, without all that is of this tenant.

    So without its resources, its rules among those of all tenants, and its part of the stack's outputs.
    """
    forgotten = _resources_of(deployment, tenant)
    resources = deployment.get("resources") or []
    kept = [_without_rules(each, tenant) for each in resources if each["urn"] not in forgotten]
    return {**deployment, "resources": [_without_references(_without_output(each, tenant), forgotten) for each in kept]}


def _resources_of(deployment: Mapping[str, Any], tenant: str) -> frozenset[str]:
    """The URNs of the tenant's component and of all below it; a parent stands before its children in every state."""
    found = set[str]()
    for each in deployment.get("resources") or []:
        own = each["type"] == TENANT and name_of(each["urn"]) == tenant
        if own or each.get("parent") in found:
            found.add(each["urn"])
    return frozenset(found)


def _require_none_pending(deployment: Mapping[str, Any], forgotten: frozenset[str], name: str, tenant: str) -> None:
    pending = [each["resource"] for each in deployment.get("pending_operations") or []]
    if any(each["urn"] in forgotten or each.get("parent") in forgotten for each in pending):
        raise OperationError(
            f"stack {name}: the last run died at tenant {tenant}, and what it made there is in no state: "
            f"pulumi up --stack {name}, then run this again"
        )


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
    if not isinstance(tenants, Mapping) or _SECRET in tenants:
        return resource
    kept = {name: told for name, told in tenants.items() if name != tenant}
    return {**resource, "outputs": {**outputs, "tenants": kept}}


def _without_references(resource: Mapping[str, Any], forgotten: frozenset[str]) -> dict[str, Any]:
    """The engine takes no state in which one resource waits for another that is not there."""
    return dict(_references(resource, forgotten))


def _references(resource: Mapping[str, Any], forgotten: frozenset[str]) -> Iterator[tuple[str, Any]]:
    for key, value in resource.items():
        if key == "dependencies":
            yield key, [each for each in value if each not in forgotten]
        elif key == "propertyDependencies":
            yield key, {name: [each for each in urns or [] if each not in forgotten] for name, urns in value.items()}
        else:
            yield key, value
