"""What the cluster wants to run now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from local.kubelet import deployment as api
from local.kubelet.cluster import UnreachableError
from local.kubelet.environment import Environment, Reference, UnresolvedError, references, resolve


class Reads(Protocol):
    """What is asked of a cluster."""

    def deployments(self) -> list[Mapping[str, Any]]: ...

    def content(self, namespace: str, reference: Reference, /) -> Mapping[str, str] | None: ...


@dataclass(frozen=True)
class DesiredState:
    """A rolled-out Deployment: its identity, its pod template as text, and its container's environment."""

    deployment: str
    template: str = field(repr=False)
    environment: Environment


@dataclass(frozen=True)
class NotYet:
    """Nothing to start, for a reason; what runs for the same `deployment` and `template` (None: for any) goes on."""

    reason: str
    deployment: str | None = None
    template: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Absence:
    """Nothing may run."""

    reason: str


def read(cluster: Reads) -> DesiredState | NotYet | Absence:
    """Ask the cluster; never raises for what a cluster can be like."""
    try:
        found = api.choose(cluster.deployments())
        if found is None:
            return Absence("no apiserver Deployment is in the cluster yet")
        if found["spec"].get("replicas", 1) == 0:
            return Absence(f"Deployment {api.full_name(found)} is scaled to 0")
        return _read(cluster, found)
    except UnreachableError as error:
        return NotYet(str(error))


def _read(cluster: Reads, found: Mapping[str, Any]) -> DesiredState | NotYet:
    uid, template = found["metadata"]["uid"], json.dumps(found["spec"]["template"], sort_keys=True)
    container = api.container(found)
    if container is None:
        return NotYet(f"Deployment {api.full_name(found)} has no container {api.CONTAINER}", uid, template)
    reason = api.unready(found)
    if reason:
        return NotYet(reason, uid, template)
    namespace = found["metadata"]["namespace"]
    try:
        sources = {one: cluster.content(namespace, one) for one in references(container)}
        environment = resolve(container, sources)
    except UnresolvedError as error:
        return NotYet(f"Deployment {api.full_name(found)}: {error}", uid, template)
    return DesiredState(uid, template, environment)
