"""Checks of what a stack says about a cluster's network: its own facts must not open a tenant's namespace either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from settings.models.network import LINK, METADATA, Address, Network, Source, closed_to_clients
from settings.types.addresses import holder, is_single, version_of

CLUSTER_EXAMPLE = "cluster: {pods: [10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}"

_Found = Iterator[tuple[str, str]]


def check_network(where: str, network: Network, taken: Mapping[str, str]) -> _Found:
    """Key and text of every fault; `taken` are the namespaces that nothing may open, and whose they are."""
    for what, namespace in (("dns", network.dns.namespace), ("ingress", network.ingress.namespace)):
        if namespace in taken:
            yield f"{where}.{what}.namespace", f"{namespace!r} is {taken[namespace]}; name the one where it runs"
    yield from _addresses(f"{where}.kubernetesApi", network.kubernetes_api, network)
    yield from _addresses(f"{where}.serverAddresses", network.server_addresses, network)
    for index, cidr in enumerate(network.dns.addresses):
        if not is_single(cidr) or holder(cidr, network.pods):
            yield f"{where}.dns.addresses[{index}]", f"{cidr!r} is not one address that is no pod's; write it like /32"
    for index, cidr in enumerate(network.clients):
        if text := not_outside_pods(cidr, network):
            yield f"{where}.clients[{index}]", text


def not_outside_pods(cidr: str, network: Network) -> str:
    """Why nobody can say that no pod is in the range; empty if somebody can. A wider one is cut in the policy."""
    if holder(cidr, closed_to_clients(network, [network])):
        return f"{cidr!r} lies among the pods, or may as long as cluster is not set; name addresses outside"
    if version_of(cidr) == 6 and not any(version_of(each) == 6 for each in network.pods):
        return f"{cidr!r} is IPv6, and nobody says which IPv6 addresses are pods; add them to cluster.pods"
    return ""


def _addresses(key: str, addresses: Sequence[Address], network: Network) -> _Found:
    """A wide range is cut; one that lies wholly in the cluster must be a single address that is no pod's."""
    for index, address in enumerate(addresses):
        cidr = address.cidr
        if holder(cidr, (*network.pods, *LINK)):
            yield f"{key}[{index}].cidr", f"{cidr!r} lies among the pods or on the node itself; name another"
        elif holder(cidr, METADATA):
            yield f"{key}[{index}].cidr", f"{cidr!r} is where a cloud hands out its nodes' credentials; name another"
        elif network.cluster and not is_single(cidr) and holder(cidr, network.own):
            text = (
                "is a range in the cluster, where other tenants are reached too; write each address like 10.96.0.1/32"
            )
            yield f"{key}[{index}].cidr", f"{cidr!r} {text}"
        elif version_of(cidr) == 6 and not any(version_of(each) == 6 for each in network.pods):
            text = "is IPv6, and nobody says which IPv6 addresses are pods; add them to cluster.pods"
            yield f"{key}[{index}].cidr", f"{cidr!r} {text}"


def source_faults(where: str, sources: Sequence[Source], network: Network, taken: Mapping[str, str]) -> _Found:
    """Key and text of every fault of who is let in; `taken` are the namespaces that nothing may open, by whose."""
    for index, source in enumerate(sources):
        key = f"{where}[{index}]"
        if (source.cidr is None) == (source.namespace is None):
            yield key, "needs either cidr (addresses outside the cluster) or namespace; write one of the two"
        elif source.namespace and source.namespace in taken:
            text = "which reaches no tenant's pods; name one that is no tenant's and not the server's"
            yield f"{key}.namespace", f"{source.namespace!r} is {taken[source.namespace]}, {text}"
        elif source.cidr and source.labels:
            yield f"{key}.labels", "goes with namespace, and addresses have no labels; remove it"
        elif source.cidr and (text := not_outside_pods(source.cidr, network)):
            yield f"{key}.cidr", text
