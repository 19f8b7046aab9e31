"""Pure: which namespaces and releases a stack's state names, and in which place each is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.place import Place
from config.stack import StackSettings

_RELEASE = "kubernetes:helm.sh/v3:Release"
_NAMESPACE = "kubernetes:core/v1:Namespace"
_ELSEWHERE = re.compile(r"kubernetes/(?:kubeconfig/(?P<kubeconfig>[a-z0-9-]+))?/?(?:context/(?P<context>.+))?")


@dataclass(frozen=True)
class Spot:
    """Something's address: its place, namespace and name."""

    place: Place
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True)
class Recorded:
    """What the state says is the stack's; also what a run that died was just making."""

    releases: frozenset[Spot]
    namespaces: frozenset[Spot]

    @classmethod
    def of(cls, deployment: Mapping[str, Any], settings: StackSettings) -> Recorded:
        """`deployment` as `pulumi stack export` has it under that key."""
        resources = [*(deployment.get("resources") or []), *_pending(deployment)]
        return cls(
            frozenset(spot for each in resources if each["type"] == _RELEASE for spot in _release(each, settings)),
            frozenset(spot for each in resources if each["type"] == _NAMESPACE for spot in _namespace(each, settings)),
        )


def _pending(deployment: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (each["resource"] for each in deployment.get("pending_operations") or [])


def _release(resource: Mapping[str, Any], settings: StackSettings) -> Iterator[Spot]:
    inputs = resource.get("inputs") or {}
    if inputs.get("name"):
        yield Spot(_place(resource, settings), str(inputs.get("namespace")), str(inputs["name"]))


def _namespace(resource: Mapping[str, Any], settings: StackSettings) -> Iterator[Spot]:
    name = ((resource.get("inputs") or {}).get("metadata") or {}).get("name")
    if name:
        yield Spot(_place(resource, settings), str(name), "")


def _place(resource: Mapping[str, Any], settings: StackSettings) -> Place:
    """The provider's name holds the place (Platform.workers_of); any other is the stack's own."""
    provider = str(resource.get("provider") or "").rpartition("::")[0].rpartition("::")[2]
    found = _ELSEWHERE.fullmatch(provider)
    if not found or not any(found.groups()):
        return settings.own_place
    return Place(kubeconfig=found["kubeconfig"], kube_context=found["context"])
