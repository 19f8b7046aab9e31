"""Whether a tenant's workers live: their key, their pods, a gateway's ingress; in words, and no secret in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from components.clearml.api.models import KeyInfo
from components.clearml.credentials.key_times import ends_within
from components.namespaces.commands import cluster_options, helm
from operations.health.advice import remediation
from operations.releases.manifest import objects
from settings.models.cluster_ref import ClusterRef

_ANOTHER = "raise keyGeneration in the tenant's file for a new one"


def key_health(access_key: str, known: Sequence[KeyInfo], now: datetime | None = None) -> str:
    """Of one key, from what the server lists of its owner; asking with the key itself would count as a use of it.

    A server goes on listing a key that has ended, and refuses it.
    """
    found = next((key for key in known if key.access_key == access_key), None)
    if found is None:
        return f"key refused: the server does not know it; {_ANOTHER}"
    used = f"last used {found.last_used}" if found.last_used else "never used"
    if ends_within(found, 0, now):
        return f"key expired at {found.expire}, {used}; {_ANOTHER}"
    return f"key accepted, {used}{f', until {found.expire}' if found.expire else ''}"


def pods_health(status: Mapping[str, Any]) -> str:
    """Of a release, from `helm status` with its live objects; one that is gone counts with what it should run."""
    live = list(_objects(status, "Deployment"))
    names = {deployment.get("metadata", {}).get("name") for deployment in live}
    gone = [
        each
        for each in objects(status.get("manifest") or "")
        if each.get("kind") == "Deployment" and each["metadata"]["name"] not in names
    ]
    ready = sum(int(deployment.get("status", {}).get("readyReplicas", 0)) for deployment in live)
    wanted = sum(int((deployment.get("spec") or {}).get("replicas", 1)) for deployment in (*live, *gone))
    return f"pods {ready}/{wanted} ready"


def ingress_health(status: Mapping[str, Any]) -> str | None:
    """Hosts of a release's first ingress and where it is admitted, on one line; None if it has no ingress."""
    for ingress in _objects(status, "Ingress"):
        hosts = ", ".join(rule.get("host", "any host") for rule in ingress.get("spec", {}).get("rules", []))
        given = ingress.get("status", {}).get("loadBalancer", {}).get("ingress") or []
        where = ", ".join(each.get("hostname") or each.get("ip") or "?" for each in given)
        return f"ingress {hosts} {f'admitted at {where}' if where else 'not admitted by any controller yet'}"
    return None


def release_health(
    status: Mapping[str, Any], namespace: str, stack: str = "", place: ClusterRef | None = None
) -> str | None:
    """Of a release that is not whole, and the way out; None if it is. What helm says itself may quote values."""
    info = status.get("info") or {}
    if info.get("status", "deployed") == "deployed":
        return None
    history = helm(f"history {status.get('name', '')} --namespace {namespace}", place)
    seen = remediation(str(info.get("description") or ""), namespace, stack, cluster_options(place))
    return f"release {info['status']}: {seen or f'see {history}'}"


def _objects(status: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    """The live objects of a kind; helm lists them by `<version>/<kind>`."""
    resources = (status.get("info") or {}).get("resources") or {}
    for name, found in resources.items():
        if str(name).rpartition("/")[2] == kind:
            yield from found
