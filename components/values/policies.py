"""A tenant's network policies: closed both ways, then opened for what its pods need. Each has one purpose and its name.

No rule selects pods by labels across namespaces: a namespace is chosen by the name that Kubernetes itself writes on it,
and never if it is a tenant's, of whatever stack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from settings.models.network import (
    Allowed,
    Network,
    Source,
    closed_to_agents,
    closed_to_clients,
    closed_to_tenants,
)
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.workers.gateway import Gateway, PortRange
from settings.types.addresses import cut_out, holder, is_single, ports_of
from settings.types.naming import TENANT_LABEL
from settings.types.urls import Target

# Written by Kubernetes on every namespace, and by nobody else.
NAMESPACE_NAME = "kubernetes.io/metadata.name"

Spec = dict[str, Any]
_EVERY_POD: Spec = {}


def policies(tenant: Tenant, stack: StackSettings) -> dict[str, Spec]:
    """The specs of NetworkPolicies in the tenant's namespace, by name; what is in none of them is closed."""
    network = stack.network_of(tenant.workers)
    networks = (network, *stack.isolation.networks)
    closed, pods = closed_to_tenants(networks), closed_to_agents(networks)
    specs = {
        "default-deny": {"podSelector": _EVERY_POD, "policyTypes": ["Ingress", "Egress"]},
        "own-namespace": _own_namespace(),
        "dns": _egress(_EVERY_POD, _dns(network)),
        "clearml": _egress(_EVERY_POD, _clearml(tenant, stack, closed, pods)),
    }
    if tenant.all_agents:
        agents = [tenant.release_of(use) for use in tenant.all_agents]
        api = _by_address(((each.cidr, each.ports) for each in network.kubernetes_api), pods)
        specs["kubernetes-api"] = _egress(_of_releases(network, agents), api)
    for use, gateway in tenant.all_gateways.items():
        pods_of_gateway = _of_releases(network, [tenant.release_of(use)])
        specs[use] = _gateway(gateway, pods_of_gateway, network, closed_to_clients(network, networks))
    listed = list(_listed((*network.allow, *tenant.isolation.network.allow), closed))
    if listed:
        specs["listed"] = _egress(_EVERY_POD, listed)
    sources = list(_sources(_let_in(tenant, stack), closed_to_clients(network, networks)))
    if sources:
        specs["sources"] = {"podSelector": _EVERY_POD, "policyTypes": ["Ingress"], "ingress": sources}
    return specs


def reasons(tenant: Tenant, stack: StackSettings) -> dict[str, str]:
    """What the policies `listed` and `sources` open and why, a line each: for who reads them in the cluster."""
    allow = (*stack.network_of(tenant.workers).allow, *tenant.isolation.network.allow)
    return {"listed": _lines(allow), "sources": _lines(_let_in(tenant, stack))}


def _lines(entries: Iterable[Allowed | Source]) -> str:
    return "\n".join(
        f"{each.cidr or each.namespace} {','.join(each.ports)}{f': {each.reason}' if each.reason else ''}"
        for each in entries
    )


def _let_in(tenant: Tenant, stack: StackSettings) -> tuple[Source, ...]:
    return (*stack.network_of(tenant.workers).allow_from, *tenant.isolation.network.allow_from)


def _own_namespace() -> Spec:
    here = [{"podSelector": _EVERY_POD}]
    return {
        "podSelector": _EVERY_POD,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": here}],
        "egress": [{"to": here}],
    }


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
            known = network.server_ports if each.namespace == server_namespace else ()
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


def _listed(allow: Iterable[Allowed], closed: Sequence[str]) -> Iterator[Spec]:
    for each in allow:
        if each.namespace:
            yield {"to": [_pods_of(each.namespace, {})], "ports": _ports(each.ports)}
        elif each.cidr:
            yield from _by_address([(each.cidr, each.ports)], closed)


def _sources(sources: Iterable[Source], closed: Sequence[str]) -> Iterator[Spec]:
    """An empty `from` would be everybody, so what is wholly closed has no rule."""
    for each in sources:
        if each.namespace:
            yield {"from": [_pods_of(each.namespace, each.labels)], "ports": _ports(each.ports)}
        elif each.cidr and (block := _block(each.cidr, closed)):
            yield {"from": [{"ipBlock": block}], "ports": _ports(each.ports)}


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
