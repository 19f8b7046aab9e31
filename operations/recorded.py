"""Pure: which namespaces and releases a stack's state names, and in which place each is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
    """What the state says is the stack's, and what a run that died was just `making`, recorded or not."""

    releases: frozenset[Spot]
    namespaces: frozenset[Spot]
    making: frozenset[Spot] = frozenset()

    @classmethod
    def of(cls, deployment: Mapping[str, Any], settings: StackSettings) -> Recorded:
        """`deployment` as `pulumi stack export` has it under that key."""
        resources, pending = deployment.get("resources") or [], list(_pending(deployment))
        namespaces = [each for each in (*resources, *pending) if each["type"] == _NAMESPACE]
        return cls(
            frozenset(_releases(resources, settings)),
            frozenset(spot for each in namespaces for spot in _namespace(each, settings)),
            frozenset(_releases(pending, settings)),
        )


def _releases(resources: Iterable[Mapping[str, Any]], settings: StackSettings) -> Iterator[Spot]:
    for each in resources:
        if each["type"] == _RELEASE:
            yield from _release(each, settings)


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
