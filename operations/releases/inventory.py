"""Pure: which namespaces and releases a stack's state names, in which place each is, and which keys its runs made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from settings.loading.load import Environment
from settings.models.cluster_ref import ClusterRef
from settings.models.server.secrets import GENERATED_PREFIX
from settings.types.naming import CREDENTIALS, KUBERNETES_PROVIDER, NAMESPACE, PASSWORD, RELEASE, name_of, without_id

_ELSEWHERE = re.compile(r"(?:kubeconfig/(?P<kubeconfig>[a-z0-9-]+))?/?(?:context/(?P<context>.+))?")


@dataclass(frozen=True)
class ReleaseAddress:
    """Something's address: its place, namespace and name."""

    place: ClusterRef
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


class ObjectAddress(NamedTuple):
    """A single object's address; `token` is its type as the engine has it."""

    place: ClusterRef
    namespace: str
    token: str
    name: str


@dataclass(frozen=True)
class Inventory:
    """What the state says is the stack's: releases, namespaces (with an empty name), and single objects.

    `making`: releases and namespaces whose creation the state does not know the end of. The engine keeps such an entry
    until somebody clears it, so it says where to look and not whose it is. `keys`: the access keys that this state's
    runs made for its workers, one of which is in the values of each release that they installed.
    """

    releases: frozenset[ReleaseAddress]
    namespaces: frozenset[ReleaseAddress]
    making: frozenset[ReleaseAddress] = frozenset()
    keys: frozenset[str] = frozenset()
    objects: frozenset[ObjectAddress] = frozenset()

    @classmethod
    def of(cls, deployment: Mapping[str, Any], environment: Environment) -> Inventory:
        """`deployment` as `pulumi stack export` has it under that key."""
        resources = deployment.get("resources") or []
        pending = [each["resource"] for each in deployment.get("pending_operations") or []]
        where = _Places(resources, environment)
        return cls(
            frozenset(_releases(resources, where)),
            frozenset(_namespaces(resources, where)),
            frozenset([*_releases(pending, where), *_namespaces(pending, where)]),
            frozenset(_keys(resources)),
            frozenset(_objects(resources, where)),
        )


class _Places:
    """Which place a resource is in, by its provider, whose name holds the cluster's (components.shards.clusters)."""

    def __init__(self, resources: Iterable[Mapping[str, Any]], environment: Environment) -> None:
        self._own = environment.stack.own_cluster
        # As it is reached now, which may be another way than when it was recorded.
        self._known = {str(place): place for place in worker_places(environment)}
        self._inputs = {
            each["urn"]: each.get("inputs") or {} for each in resources if each["type"] == KUBERNETES_PROVIDER
        }

    def of(self, resource: Mapping[str, Any]) -> ClusterRef:
        urn = without_id(str(resource.get("provider") or ""))
        _, elsewhere, cluster = name_of(urn).partition("kubernetes/")
        if not elsewhere:
            return self._own
        return self._known.get(cluster) or _forgotten(cluster, self._inputs.get(urn) or {})


def worker_places(environment: Environment) -> Iterator[ClusterRef]:
    """Where workers run by the files, one for each tenant."""
    yield from (environment.stack.cluster_of(tenant.workers) for tenant in environment.tenants)


def _forgotten(cluster: str, provider: Mapping[str, Any]) -> ClusterRef:
    """A place that no file names any more: its name says how it was reached, else its provider does.

    The name of a kubeconfig is in no state; its cluster is then taken for a context, which helm will not find.
    """
    found = _ELSEWHERE.fullmatch(cluster)
    if found and any(found.groups()):
        return ClusterRef(kubeconfig=found["kubeconfig"], kube_context=found["context"])
    context = None if provider.get("kubeconfig") else provider.get("context")
    return ClusterRef(kube_context=context or cluster, cluster=cluster)


def _releases(resources: Iterable[Mapping[str, Any]], where: _Places) -> Iterator[ReleaseAddress]:
    for each in resources:
        inputs = each.get("inputs") or {}
        if each["type"] == RELEASE and inputs.get("name"):
            yield ReleaseAddress(where.of(each), str(inputs.get("namespace")), str(inputs["name"]))


def _namespaces(resources: Iterable[Mapping[str, Any]], where: _Places) -> Iterator[ReleaseAddress]:
    for each in resources:
        name = ((each.get("inputs") or {}).get("metadata") or {}).get("name")
        if each["type"] == NAMESPACE and name:
            yield ReleaseAddress(where.of(each), str(name), "")


def _objects(resources: Iterable[Mapping[str, Any]], where: _Places) -> Iterator[ObjectAddress]:
    for each in resources:
        metadata = (each.get("inputs") or {}).get("metadata")
        if isinstance(metadata, Mapping) and metadata.get("name") and metadata.get("namespace"):
            yield ObjectAddress(where.of(each), str(metadata["namespace"]), str(each["type"]), str(metadata["name"]))


def _keys(resources: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for each in resources:
        key = (each.get("outputs") or {}).get("access_key")
        if each["type"] == CREDENTIALS and isinstance(key, str):
            yield key


def generated(deployment: Mapping[str, Any]) -> frozenset[str]:
    """The internal keys that this state's runs drew for the server, from an export that shows secrets."""
    found = [each.get("outputs") or {} for each in deployment.get("resources") or [] if each["type"] == PASSWORD]
    shown = [each["result"].get("plaintext") for each in found if isinstance(each.get("result"), Mapping)]
    return frozenset(f"{GENERATED_PREFIX}{json.loads(text)}" for text in shown if text)
