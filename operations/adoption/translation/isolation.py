"""Pure: what closes a namespace already, its quota and limits, as a tenant's file has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from operations.adoption.reading.facts import Cluster, Note
from settings.types.quantity import amount

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
_EXPONENT = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,2}")
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


def plain_amount(given: object) -> str:
    """A quantity without an exponent, as files write it: `2e3` is `2000`, and `5e-1` is `500m`."""
    text = str(given)
    if not _EXPONENT.fullmatch(text):
        return text
    number = Decimal(text)
    return f"{number:f}" if number == int(number) else f"{int(number * 1000)}m"


def _count(text: str) -> int | None:
    """Of things of which there are only whole ones."""
    try:
        number = amount(text)
    except ValueError:
        return None
    return int(number) if number == int(number) else None


def _quota(quotas: Mapping[str, Any], tenant: str, notes: list[Note]) -> dict[str, Any]:
    """Of several the first that names an amount: they hold together, and all stay beside ours."""
    found: dict[str, Any] = {}
    for name, spec in sorted(quotas.items()):
        if (spec or {}).get("scopes") or (spec or {}).get("scopeSelector"):
            text = f"the ResourceQuota {name} holds some pods only, which no setting says"
            notes.append(Note(tenant, "lost", "isolation.quota", text))
            continue
        for resource, given in ((spec or {}).get("hard") or {}).items():
            key, said = _NAMES.get(resource), plain_amount(given)
            if key in _COUNTS and (count := _count(said)) is not None:
                found.setdefault(str(key), count)
            elif key and key not in _COUNTS:
                found.setdefault(key, said)
            else:
                found.setdefault("other", {}).setdefault(resource, said)
        text = f"is that of the ResourceQuota {name}"
        notes.append(Note(tenant, "same", "isolation.quota", text))
    return found


def _limits(ranges: Mapping[str, Any], tenant: str, notes: list[Note]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, spec in sorted(ranges.items()):
        for each in (spec or {}).get("limits") or ():
            if each.get("type") != "Container" or set(each) & {"min", "maxLimitRequestRatio"}:
                text = f"a part of the LimitRange {name} has no setting"
                notes.append(Note(tenant, "lost", "isolation.limits", text))
            if each.get("type") != "Container":
                continue
            for part in ("defaultRequest", "default", "max"):
                amounts = {
                    key: plain_amount((each.get(part) or {})[key])
                    for key in ("cpu", "memory")
                    if key in (each.get(part) or {})
                }
                if amounts:
                    found.setdefault(part, amounts)
    return found
