"""The apiserver's Deployment: which one it is, and whether its newest template is what runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SELECTOR = "app.kubernetes.io/component=apiserver,app.kubernetes.io/part-of=clearml"
CONTAINER = "clearml-apiserver"


def choose(deployments: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The oldest Deployment that is not being deleted; None if there is none."""
    alive = [one for one in deployments if not one["metadata"].get("deletionTimestamp")]
    return min(alive, key=_age, default=None)


def full_name(deployment: Mapping[str, Any]) -> str:
    return f"{deployment['metadata']['namespace']}/{deployment['metadata']['name']}"


def unready(deployment: Mapping[str, Any]) -> str | None:
    """Why the newest template does not run yet, in words; None once it does.

    Old pods may still be there, as helm does not wait for them to go either; each is taken to be an available one.
    """
    status = deployment.get("status") or {}
    wanted = deployment["spec"].get("replicas", 1)
    if status.get("observedGeneration", 0) < deployment["metadata"].get("generation", 0):
        return f"Deployment {full_name(deployment)}: its change is not taken up yet"
    updated, available = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    old = status.get("replicas", 0) - updated
    ready = max(0, min(updated, available - old))
    if not 0 < wanted <= ready:
        return f"Deployment {full_name(deployment)}: {ready} of {wanted} pods are up to date and ready"
    return None


def container(deployment: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The apiserver's container; None if the pod has none of that name."""
    found: Sequence[Mapping[str, Any]] = deployment["spec"]["template"]["spec"]["containers"]
    return next((one for one in found if one["name"] == CONTAINER), None)


def _age(deployment: Mapping[str, Any]) -> tuple[str, str]:
    return deployment["metadata"].get("creationTimestamp", ""), full_name(deployment)
