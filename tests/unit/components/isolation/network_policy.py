"""Kubernetes' rules of NetworkPolicies, as its documentation and API reference have them, over plain manifests.

Knows nothing of how ours are made. Left out: what no policy can change (a pod and itself, a pod and its own node).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

Manifest = Mapping[str, Any]
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Peer:
    """A pod, or, without a namespace, an address outside. `named` are its named ports: (name, protocol) to number."""

    name: str
    ip: str
    namespace: str | None = None
    labels: Labels = field(default_factory=dict)
    named: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """The port of `target` that is connected to."""

    target: Peer
    port: int
    protocol: str


@dataclass(frozen=True)
class Cluster:
    """`namespaces`: labels by name, beside the one that Kubernetes writes; `policies`: NetworkPolicy manifests."""

    namespaces: Mapping[str, Labels]
    policies: Sequence[Manifest]

    def allows(self, source: Peer, target: Peer, port: int, protocol: str = "TCP") -> bool:
        """Whether a connection is let out where it starts and in where it ends."""
        asked = Asked(target, port, protocol)
        return self._passes("Egress", source, target, asked) and self._passes("Ingress", target, source, asked)

    def _passes(self, way: str, here: Peer, there: Peer, asked: Asked) -> bool:
        """Open if no policy of this `way` selects the pod `here`; else if a rule of any that does fits."""
        key, peers = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}[way]
        held = [each for each in self.policies if self._selects(each, here) and way in _types(each)]
        rules = [rule for each in held for rule in each["spec"].get(key) or []]
        return not held or any(
            self._fits(rule.get(peers), here.namespace or "", there) and _port(rule.get("ports"), asked)
            for rule in rules
        )

    def _selects(self, policy: Manifest, pod: Peer) -> bool:
        same = pod.namespace is not None and policy["metadata"]["namespace"] == pod.namespace
        return same and selected(policy["spec"].get("podSelector") or {}, pod.labels)

    def _fits(self, peers: Iterable[Manifest] | None, namespace: str, there: Peer) -> bool:
        """Empty or missing peers are everybody; otherwise one of them has to fit."""
        listed = list(peers or [])
        return not listed or any(self._is(peer, namespace, there) for peer in listed)

    def _is(self, peer: Manifest, namespace: str, there: Peer) -> bool:
        if "ipBlock" in peer:
            return _in_block(peer["ipBlock"], there.ip)
        if there.namespace is None:
            return False
        pods, namespaces = peer.get("podSelector"), peer.get("namespaceSelector")
        if namespaces is None:
            in_namespace = there.namespace == namespace
        else:
            own = {"kubernetes.io/metadata.name": there.namespace}
            in_namespace = selected(namespaces, {**self.namespaces.get(there.namespace, {}), **own})
        return in_namespace and (pods is None or selected(pods, there.labels))


def selected(selector: Manifest, labels: Labels) -> bool:
    """A label selector: all of `matchLabels` and all of `matchExpressions`; an empty one selects everything."""
    wanted = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _expression(each, labels) for each in selector.get("matchExpressions") or []
    )


def _expression(expression: Manifest, labels: Labels) -> bool:
    key, values = expression["key"], expression.get("values") or []
    match expression["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    raise ValueError(expression)


def _types(policy: Manifest) -> Sequence[str]:
    """Without `policyTypes`: ingress always, egress if it has egress rules."""
    spec = policy["spec"]
    default = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    return spec.get("policyTypes") or default


def _in_block(block: Manifest, ip: str) -> bool:
    address = ip_address(ip)
    return address in ip_network(block["cidr"]) and not any(
        address in ip_network(each) for each in block.get("except") or []
    )


def _port(ports: Iterable[Manifest] | None, asked: Asked) -> bool:
    """Empty or missing ports are all of them; a name is one of the pod's that is connected to."""
    listed = list(ports or [])
    return not listed or any(_one_port(each, asked) for each in listed)


def _one_port(entry: Manifest, asked: Asked) -> bool:
    if entry.get("protocol", "TCP") != asked.protocol:
        return False
    wanted = entry.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, str):
        return asked.target.named.get((wanted, asked.protocol)) == asked.port
    return bool(wanted <= asked.port <= entry.get("endPort", wanted))
