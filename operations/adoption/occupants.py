"""Pure: what becomes of quotas, limits, policies and Secrets of others beside this program's own: one answer each.

Asked of the files as they will be, for which names are this program's depends on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from operations.adoption.reading.facts import Cluster, Note
from operations.releases.occupants.names import names
from settings.loading.load import Environment
from settings.types.naming import LIMIT_RANGE, NETWORK_POLICY, RESOURCE_QUOTA, SECRET, STACK_LABEL

_KINDS: Mapping[str, str] = {
    NETWORK_POLICY: "NetworkPolicy",
    RESOURCE_QUOTA: "ResourceQuota",
    LIMIT_RANGE: "LimitRange",
    SECRET: "Secret",
}
_BESIDE: Mapping[str, str] = {
    NETWORK_POLICY: "beside this program's; what they allow is still allowed",
    RESOURCE_QUOTA: "beside this program's, and both hold",
    LIMIT_RANGE: "beside this program's, and both hold",
    SECRET: "as they are",
}


@dataclass(frozen=True)
class _Space:
    """One namespace: what is there by its type, and the names of this program's."""

    tenant: str
    is_own: bool
    there: Mapping[str, Collection[str]]
    ours: Collection[tuple[str, str]]

    def notes(self) -> Iterator[Note]:
        key = "namespace" if self.tenant else "server.namespace"
        for token, found in self.there.items():
            for name in sorted(found):
                if (token, name) in self.ours:
                    yield self._of_one(key, f"{_KINDS[token]} {name}")
            beside = [name for name in sorted(found) if (token, name) not in self.ours]
            if beside and self.tenant:
                text = f"{_KINDS[token]} {', '.join(beside)}: left alone, {_BESIDE[token]}"
                yield Note(self.tenant, "change" if token == NETWORK_POLICY else "same", key, text)

    def _of_one(self, key: str, what: str) -> Note:
        if self.is_own:
            text = f"{what}: has the name of one of this stack's; make takeover stops if no run of it made that"
            return Note(self.tenant, "same", key, text)
        text = (
            f"{what} has the very name of one of this program's, which stops before it changes it: before make "
            "takeover, keep it under another name, or delete it if ours may take its place"
        )
        return Note(self.tenant, "decide", key, text)


def occupants(clusters: Sequence[Cluster], environment: Environment) -> Iterator[Note]:
    """A line for each object that is in the way, and one for all that stay, namespace by namespace."""
    settings = environment.stack
    by_context = {each.context: each for each in clusters}
    asked = [each for shard in ("", *environment.shards) for each in names(environment.of_shard(shard))]
    spaces = [(settings.own_cluster, settings.server.namespace, "")]
    spaces += [(settings.cluster_of(each.workers), each.namespace, each.name) for each in environment.everybody]
    for place, namespace, tenant in spaces:
        cluster = None if place.kubeconfig else by_context.get(place.kube_context or "")
        if cluster is not None:
            ours = {(each.token, each.name) for each in asked if (each.place, each.namespace) == (place, namespace)}
            is_own = cluster.namespaces.get(namespace, {}).get(STACK_LABEL) == environment.name
            yield from _Space(tenant, is_own, _there(cluster, namespace), ours).notes()


def _there(cluster: Cluster, namespace: str) -> Mapping[str, Collection[str]]:
    return {
        NETWORK_POLICY: cluster.policies.get(namespace, ()),
        RESOURCE_QUOTA: cluster.quotas.get(namespace, {}),
        LIMIT_RANGE: cluster.limits.get(namespace, {}),
        SECRET: cluster.secrets.get(namespace, ()),
    }
