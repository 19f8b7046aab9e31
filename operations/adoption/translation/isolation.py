"""Pure: what closes a namespace already, its quota and its limits, as a tenant's file has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from operations.adoption.reading.facts import Cluster, Note

_NAMES = {
    "requests.cpu": "cpu",
    "cpu": "cpu",
    "requests.memory": "memory",
    "memory": "memory",
    "requests.ephemeral-storage": "ephemeralStorage",
    "requests.storage": "storage",
    "persistentvolumeclaims": "volumes",
    "pods": "pods",
    "requests.nvidia.com/gpu": "gpus",
}
_COUNTS = ("volumes", "pods", "gpus")
_LEVEL = "pod-security.kubernetes.io/enforce"


def isolation_settings(cluster: Cluster, namespace: str, tenant: str) -> tuple[dict[str, Any], list[Note]]:
    """Quota, limits and pod security of a namespace, and what is said of them."""
    notes: list[Note] = []
    isolation = {
        "podSecurity": cluster.namespaces.get(namespace, {}).get(_LEVEL),
        "quota": _quota(cluster.quotas.get(namespace, {}), tenant, notes),
        "limits": _limits(cluster.limits.get(namespace, {}), tenant, notes),
    }
    return {key: value for key, value in isolation.items() if value}, notes


def _quota(quotas: Mapping[str, Any], tenant: str, notes: list[Note]) -> dict[str, Any]:
    """Of several the first that names an amount: they hold together, and all stay beside ours."""
    found: dict[str, Any] = {}
    for name, spec in sorted(quotas.items()):
        if (spec or {}).get("scopes") or (spec or {}).get("scopeSelector"):
            text = f"holds some pods only, which no setting says; the ResourceQuota {name} stays as it is"
            notes.append(Note(tenant, "lost", "isolation.quota", text))
            continue
        for resource, amount in ((spec or {}).get("hard") or {}).items():
            key = _NAMES.get(resource)
            if key in _COUNTS and str(amount).isdigit():
                found.setdefault(str(key), int(amount))
            elif key and key not in _COUNTS:
                found.setdefault(key, str(amount))
            else:
                found.setdefault("other", {}).setdefault(resource, str(amount))
        text = f"is that of the ResourceQuota {name}, which stays beside this program's"
        notes.append(Note(tenant, "same", "isolation.quota", text))
    return found


def _limits(ranges: Mapping[str, Any], tenant: str, notes: list[Note]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, spec in sorted(ranges.items()):
        for each in (spec or {}).get("limits") or ():
            if each.get("type") != "Container" or set(each) & {"min", "maxLimitRequestRatio"}:
                text = f"a part of the LimitRange {name} has no setting; that object stays as it is"
                notes.append(Note(tenant, "lost", "isolation.limits", text))
            if each.get("type") != "Container":
                continue
            for part in ("defaultRequest", "default", "max"):
                amounts = {
                    key: str((each.get(part) or {})[key]) for key in ("cpu", "memory") if key in (each.get(part) or {})
                }
                if amounts:
                    found.setdefault(part, amounts)
    return found
