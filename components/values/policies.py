"""A tenant's network policies: closed both ways, then opened for what its pods need. One a set of pods (ADR 15).

No rule selects pods by labels across namespaces: a namespace is chosen by the name that Kubernetes itself writes on it,
and never if it is a tenant's, of whatever stack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from settings.models.network import (
    Destination,
    Network,
    Source,
    closed_to_agents,
    closed_to_clients,
    closed_to_tenants,
)
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.workers.agent import Agent
from settings.models.workers.gateway import Gateway, PortRange
from settings.types.addresses import cut_out, holder, is_single, ports_of
from settings.types.naming import DEFAULT_DENY, EVERY_POD, KUBERNETES_API, TENANT_LABEL, release_names
from settings.types.urls import Target

# Written by Kubernetes on every namespace, and by nobody else.
NAMESPACE_NAME = "kubernetes.io/metadata.name"
# The public chart's web server listens there, whatever port its Service has (contract 4.4).
_WEB_SERVER = "80"

Spec = dict[str, Any]
_EVERY_POD: Spec = {}


@dataclass(frozen=True)
class Policies:
    """`specs` of NetworkPolicies by name; `reasons` why each rule of `every-pod` is there, a line each, by its name."""

    specs: dict[str, Spec]
    reasons: dict[str, str]


def policies(tenant: Tenant, stack: StackSettings) -> Policies:
    """What is open in the tenant's namespace; what is in none of them is closed.

    One for each set of pods: what may be done by several pods that differ cannot be said in one.
    """
    network = stack.network_of(tenant.workers)
    networks = (network, *stack.isolation.networks)
    opened = {"ingress": [*_into_every_pod(tenant, stack)], "egress": [*_out_of_every_pod(tenant, stack)]}
    specs: dict[str, Spec] = {
        DEFAULT_DENY: {"podSelector": _EVERY_POD, "policyTypes": ["Ingress", "Egress"]},
        EVERY_POD: {
            "podSelector": _EVERY_POD,
            "policyTypes": ["Ingress", "Egress"],
            **{side: [rule for _, rule in rules] for side, rules in opened.items()},
        },
    }
    if tenant.all_agents:
        agents = [name for use, agent in tenant.all_agents.items() for name in _names(tenant, use, agent)]
        api = _by_address(((each.cidr, each.ports) for each in network.kubernetes_api), closed_to_agents(networks))
        specs[KUBERNETES_API] = _egress(_of_releases(network, agents), api)
    for use, gateway in tenant.all_gateways.items():
        pods_of_gateway = _of_releases(network, _names(tenant, use, gateway))
        specs[use] = _gateway(gateway, pods_of_gateway, network, closed_to_clients(network, networks))
    lines = (f"{side}[{at}]: {why}" for side, rules in opened.items() for at, (why, _) in enumerate(rules))
    return Policies(specs, {EVERY_POD: "\n".join(lines)})


def _into_every_pod(tenant: Tenant, stack: StackSettings) -> Iterator[tuple[str, Spec]]:
    """Rules of what comes in, each behind why it is there."""
    network = stack.network_of(tenant.workers)
    closed = closed_to_clients(network, (network, *stack.isolation.networks))
    yield "own namespace", {"from": [{"podSelector": _EVERY_POD}]}
    for each in (*network.allow_from, *tenant.isolation.network.allow_from):
        yield from ((_line(each), rule) for rule in _source(each, closed))


def _out_of_every_pod(tenant: Tenant, stack: StackSettings) -> Iterator[tuple[str, Spec]]:
    """Rules of what goes out, each behind why it is there."""
    network = stack.network_of(tenant.workers)
    networks = (network, *stack.isolation.networks)
    closed, pods = closed_to_tenants(networks), closed_to_agents(networks)
    yield "own namespace", {"to": [{"podSelector": _EVERY_POD}]}
    yield from (("dns", rule) for rule in _dns(network))
    yield from (("clearml", rule) for rule in _clearml(tenant, stack, closed, pods))
    for each in (*network.allow, *tenant.isolation.network.allow):
        yield from ((_line(each), rule) for rule in _listed(each, closed))


def _line(entry: Destination | Source) -> str:
    reason = f": {entry.reason}" if entry.reason else ""
    return f"{entry.cidr or entry.namespace} {','.join(entry.ports)}{reason}"


def _egress(pods: Spec, rules: Iterable[Spec]) -> Spec:
    return {"podSelector": pods, "policyTypes": ["Egress"], "egress": list(rules)}


def _dns(network: Network) -> Iterator[Spec]:
    dns = network.dns
    peers = [_pods_of(dns.namespace, dns.labels), *({"ipBlock": {"cidr": cidr}} for cidr in dns.addresses)]
    yield {"to": peers, "ports": _ports(dns.ports)}


def _clearml(tenant: Tenant, stack: StackSettings, closed: Sequence[str], pods: Sequence[str]) -> Iterator[Spec]:
    """The server where the tenant's workers are told that it is: `serverUrls`, or else its hosts.

    Of Services in this cluster the pods, of an address the address, and of hosts all that leads to them.
    """
    network, targets = stack.network_of(tenant.workers), stack.urls_for(tenant.server_urls).targets
    hosts = [each for each in targets if not (each.namespace or each.address)]
    if hosts:
        near = stack.cluster_of(tenant.workers) == stack.own_cluster
        # From another cluster than the server's, as long as nobody says where its hosts are (checked, and warned of).
        anywhere = ("0.0.0.0/0", sorted({str(each.port) for each in hosts}))
        yield from _hosts(network, stack.server.namespace if near else None, anywhere, closed, pods)
    yield from _services(targets, stack.server.namespace, network)
    yield from _by_address([(each.address, [str(each.port)]) for each in targets if each.address], pods)


def _hosts(
    network: Network,
    server_namespace: str | None,
    anywhere: tuple[str, Sequence[str]],
    closed: Sequence[str],
    pods: Sequence[str],
) -> Iterator[Spec]:
    """The server's own pods if they are in this cluster, the controller before its hosts, what these resolve to."""
    if server_namespace:
        yield {"to": [_pods_of(server_namespace, {})], "ports": _ports(network.server_ports)}
        yield {
            "to": [_pods_of(network.ingress.namespace, network.ingress.labels)],
            "ports": _ports(network.ingress.ports),
        }
    addresses = [(each.cidr, each.ports) for each in network.server_addresses]
    # A single address may be a node's or a service's, where the server is behind it.
    single = [each for each in addresses if is_single(each[0])]
    yield from _by_address(single, pods)
    wide = [each for each in addresses if not is_single(each[0])]
    yield from _by_address(wide or ([] if server_namespace or single else [anywhere]), closed)


def _services(targets: Iterable[Target], server_namespace: str, network: Network) -> Iterator[Spec]:
    """A policy counts a pod's port, which a Service may have under another; the server's own pods' ports are known."""
    opened: dict[str, list[str]] = {}
    for each in targets:
        if each.namespace:
            known = (*network.server_ports, _WEB_SERVER) if each.namespace == server_namespace else ()
            opened.setdefault(each.namespace, list(known)).append(str(each.port))
    for namespace, ports in opened.items():
        yield {"to": [_pods_of(namespace, {})], "ports": _ports(dict.fromkeys(ports))}


def _gateway(gateway: Gateway, pods: Spec, network: Network, closed: Sequence[str]) -> Spec:
    """From the ingress controller, or what leads to a service that nothing else does; from clients outside to the
    session ports, and to a gateway with ports of its own."""
    outside = [{"ipBlock": block} for cidr in network.clients if (block := _block(cidr, closed))]
    rules: list[Spec] = []
    if gateway.host_name or gateway.service == "ClusterIP":
        rules.append({"from": [_pods_of(network.ingress.namespace, network.ingress.labels)]})
    # An empty `from` would be everybody.
    if gateway.service != "ClusterIP" and outside:
        rules.append({"from": outside, "ports": [{"protocol": "TCP", "port": 1, "endPort": 65535}]})
    if gateway.stream_session and outside:
        rules.append({"from": outside, "ports": _session_ports(gateway.stream_session.port_range)})
    return {"podSelector": pods, "policyTypes": ["Ingress"], "ingress": rules}


def _session_ports(ports: PortRange) -> list[Spec]:
    return [{"protocol": protocol, "port": ports.start, "endPort": ports.end} for protocol in ("TCP", "UDP")]


def _listed(entry: Destination, closed: Sequence[str]) -> Iterator[Spec]:
    if entry.namespace:
        yield {"to": [_pods_of(entry.namespace, {})], "ports": _ports(entry.ports)}
    elif entry.cidr:
        yield from _by_address([(entry.cidr, entry.ports)], closed)


def _source(entry: Source, closed: Sequence[str]) -> Iterator[Spec]:
    """An empty `from` would be everybody, so what is wholly closed has no rule."""
    if entry.namespace:
        yield {"from": [_pods_of(entry.namespace, entry.labels)], "ports": _ports(entry.ports)}
    elif entry.cidr and (block := _block(entry.cidr, closed)):
        yield {"from": [{"ipBlock": block}], "ports": _ports(entry.ports)}


def _by_address(addresses: Iterable[tuple[str, Sequence[str]]], closed: Sequence[str]) -> Iterator[Spec]:
    for cidr, ports in addresses:
        if block := _block(cidr, closed):
            yield {"to": [{"ipBlock": block}], "ports": _ports(ports)}


def _block(cidr: str, closed: Sequence[str]) -> Spec | None:
    """The range without what is closed in it; None if it lies in what is closed."""
    if holder(cidr, closed):
        return None
    without = cut_out(cidr, closed)
    return {"cidr": cidr, "except": without} if without else {"cidr": cidr}


def _pods_of(namespace: str, labels: Mapping[str, str]) -> Spec:
    """Pods by namespace and labels, both of which must fit; in a tenant's namespace none ever do."""
    chosen: Spec = {
        "namespaceSelector": {
            "matchLabels": {NAMESPACE_NAME: namespace},
            "matchExpressions": [{"key": TENANT_LABEL, "operator": "DoesNotExist"}],
        }
    }
    return {**chosen, "podSelector": {"matchLabels": dict(labels)}} if labels else chosen


def _names(tenant: Tenant, use: str, worker: Agent | Gateway) -> tuple[str, ...]:
    return release_names(tenant.release_of(use), worker.extra_values.get("fullnameOverride"))


def _of_releases(network: Network, releases: Sequence[str]) -> Spec:
    """ASSUMPTION: the charts put the release's name on every pod under Helm's usual label; else say `releaseLabel`."""
    return {"matchExpressions": [{"key": network.release_label, "operator": "In", "values": list(releases)}]}


def _ports(texts: Iterable[str]) -> list[Spec]:
    found = [ports_of(text) for text in texts]
    return [
        {"protocol": each.protocol, "port": each.first}
        if each.first == each.last
        else {"protocol": each.protocol, "port": each.first, "endPort": each.last}
        for each in found
    ]
