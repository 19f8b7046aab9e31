"""What a tenant's pods may have together (ResourceQuota) and each (LimitRange), as Kubernetes wants it written."""

from __future__ import annotations

from typing import Any

from settings.models.isolation import Amounts, Limits, Quota


def quota_spec(quota: Quota) -> dict[str, Any] | None:
    """A ResourceQuota's spec; None if nothing is limited."""
    named = {
        "requests.cpu": quota.cpu,
        "requests.memory": quota.memory,
        "requests.ephemeral-storage": quota.ephemeral_storage,
        "requests.storage": quota.storage,
        "persistentvolumeclaims": quota.volumes,
        "pods": quota.pods,
        f"requests.{quota.gpu_resource}": quota.gpus,
    }
    hard = {name: str(amount) for name, amount in named.items() if amount is not None}
    hard.update(quota.other)
    return {"hard": hard} if hard else None


def limit_range_spec(limits: Limits) -> dict[str, Any] | None:
    """A LimitRange's spec, for containers; None if nothing is said."""
    parts = {"defaultRequest": limits.default_request, "default": limits.default, "max": limits.max}
    said = {name: _amounts(part) for name, part in parts.items() if _amounts(part)}
    return {"limits": [{"type": "Container", **said}]} if said else None


def _amounts(amounts: Amounts) -> dict[str, str]:
    return {name: amount for name, amount in (("cpu", amounts.cpu), ("memory", amounts.memory)) if amount is not None}
