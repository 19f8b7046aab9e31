"""What network policies have to know of a cluster, and what tenants may reach beside the basics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from settings.models.base import Settings
from settings.types.addresses import Cidr, PortText
from settings.types.kubernetes.labels import LabelKey, LabelValue
from settings.types.kubernetes.names import AnyNamespace
from settings.types.vocabulary import Text

Cidrs = Annotated[tuple[Cidr, ...], Field(strict=False, examples=["[10.244.0.0/16]"])]
SomeCidrs = Annotated[tuple[Cidr, ...], Field(strict=False, min_length=1, examples=["[10.244.0.0/16]"])]
SomePorts = Annotated[tuple[PortText, ...], Field(strict=False, min_length=1, examples=["[443]"])]

# Where clusters have their pods, services and nodes, for want of their own ranges: RFC 1918, 6598 and 4193.
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
# This machine and its link: the node itself, and the address at which clouds hand out the node's credentials.
LINK = ("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fe80::/10")
# Where clouds hand them out beside that: Azure, Oracle, Alibaba, AWS and Google by IPv6; and all of it through NAT64.
METADATA = (
    *("168.63.129.16/32", "192.0.0.192/32", "100.100.100.200/32"),
    *("fd00:ec2::254/128", "fd00:ec2::23/128", "fd20:ce::254/128"),
    *("64:ff9b::a9fe:0/112", "64:ff9b::a83f:8110/128", "64:ff9b::c000:c0/128", "64:ff9b::6464:64c8/128"),
)


class Cluster(Settings):
    """The cluster's own addresses. Nothing a tenant may reach by address is ever among them."""

    pods: SomeCidrs = Field(description="The addresses of pods.")
    services: SomeCidrs = Field(description="The addresses of services.")
    nodes: SomeCidrs = Field(description="The addresses of nodes.")


class Destination(Settings):
    """What a tenant's pods may reach: a range of addresses outside the cluster, or a namespace that is no tenant's."""

    cidr: Cidr | None = Field(
        default=None,
        description="A range of addresses outside the cluster; either this or `namespace`.",
        examples=["203.0.113.0/24"],
    )
    namespace: AnyNamespace | None = Field(
        default=None, description="A namespace that is no tenant's.", examples=["registry"]
    )
    ports: SomePorts = Field(description="The ports there.")
    reason: Text | None = Field(
        default=None,
        description="Why, for whoever reviews the file and whoever reads the policy in the cluster.",
        examples=["the team's git server"],
    )


class Source(Settings):
    """Who reaches a tenant's pods: a range of addresses outside the cluster, or a namespace that is no tenant's."""

    cidr: Cidr | None = Field(
        default=None,
        description="A range of addresses outside the cluster; either this or `namespace`.",
        examples=["203.0.113.0/24"],
    )
    namespace: AnyNamespace | None = Field(
        default=None, description="A namespace that is no tenant's.", examples=["monitoring"]
    )
    labels: Mapping[LabelKey, LabelValue] = Field(
        default_factory=dict,
        description="The labels of the pods in that namespace; all of its pods if left out.",
        examples=["{app.kubernetes.io/name: prometheus}"],
    )
    ports: SomePorts = Field(description="The ports of the tenant's pods.", examples=["[9100]"])
    reason: Text | None = Field(
        default=None,
        description="Why, for whoever reviews the file and whoever reads the policy in the cluster.",
        examples=["metrics of GPUs"],
    )


class Address(Settings):
    """Something of the platform's by its address, as pods reach it."""

    cidr: Cidr = Field(description="The address, as a range.", examples=["203.0.113.10/32"])
    ports: SomePorts = Field(description="The ports there.")


class Dns(Settings):
    """Who resolves names; `addresses` too where a cache answers on each node (169.254.20.10/32)."""

    namespace: AnyNamespace = Field(default="kube-system", description="The namespace of the pods that resolve names.")
    labels: Mapping[LabelKey, LabelValue] = Field(
        default={"k8s-app": "kube-dns"},
        description="The labels of these pods.",
        min_length=1,
        examples=["{k8s-app: kube-dns}"],
    )
    ports: SomePorts = Field(default=("53/UDP", "53/TCP"), description="The ports they answer at.")
    addresses: Cidrs = Field(
        default=(), description="Addresses that resolve names too, such as a cache on each node (169.254.20.10/32)."
    )


class IngressController(Settings):
    """The pods that lead users to gateways and to the server's hosts, and the ports they listen on."""

    namespace: AnyNamespace = Field(
        default="ingress-nginx", description="The namespace of the ingress controller's pods."
    )
    labels: Mapping[LabelKey, LabelValue] = Field(
        default={"app.kubernetes.io/name": "ingress-nginx"},
        description="The labels of these pods.",
        min_length=1,
        examples=["{app.kubernetes.io/name: ingress-nginx}"],
    )
    ports: SomePorts = Field(default=("80", "443"), description="The ports these pods listen on.")


Destinations = Annotated[
    tuple[Destination, ...],
    Field(strict=False, examples=["[{cidr: 203.0.113.0/24, ports: [443], reason: our registry}]"]),
]
Sources = Annotated[tuple[Source, ...], Field(strict=False, examples=["[{namespace: monitoring, ports: [9100]}]"])]
Addresses = Annotated[tuple[Address, ...], Field(strict=False, examples=["[{cidr: 203.0.113.10/32, ports: [443]}]"])]


class Network(Settings):
    """What is true of one cluster, and what all its tenants may reach.

    The default of `kubernetesApi` works anywhere: TCP 443 and 6443, to any address but the pods that `cluster` tells
    of.
    """

    cluster: Cluster | None = Field(
        default=None,
        description="The cluster's own addresses, which no tenant may reach; all private ones if left out.",
        examples=["{pods: [10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}"],
    )
    dns: Dns = Field(
        default=Dns(),
        description="Who resolves names.",
        examples=["{namespace: kube-system, labels: {k8s-app: kube-dns}}"],
    )
    ingress: IngressController = Field(
        default=IngressController(),
        description="The pods that lead users to gateways and to the server's hosts.",
        examples=["{namespace: ingress-nginx, labels: {app.kubernetes.io/name: ingress-nginx}}"],
    )
    kubernetes_api: Addresses = Field(
        default=(Address(cidr="0.0.0.0/0", ports=("443", "6443")),),
        description=(
            "Where agents, and they alone, reach the Kubernetes API, to make pods. The default works anywhere; narrow"
            " it."
        ),
    )
    server_ports: SomePorts = Field(default=("8008", "8080", "8081"), description="The ports of the server's own pods.")
    server_addresses: Addresses = Field(
        default=(), description="What the server's three hosts resolve to, where that is no pod of this cluster."
    )
    clients: SomeCidrs = Field(
        default=("0.0.0.0/0",), description="From where users reach a gateway's sessions and its node port."
    )
    release_label: LabelKey = Field(
        default="app.kubernetes.io/instance",
        description="The label that holds the release's name on every pod of a release.",
        examples=["app.kubernetes.io/instance"],
    )
    allow: Destinations = Field(default=(), description="What the pods of all tenants may reach.")
    allow_from: Sources = Field(default=(), description="Who reaches the pods of all tenants.")

    @property
    def pods(self) -> tuple[str, ...]:
        """Where pods are, as far as it is told."""
        return self.cluster.pods if self.cluster else ()

    @property
    def own(self) -> tuple[str, ...]:
        """The cluster's own addresses; all private ones if it is not told which."""
        return (*self.cluster.pods, *self.cluster.services, *self.cluster.nodes) if self.cluster else PRIVATE


def closed_to_agents(networks: Iterable[Network]) -> tuple[str, ...]:
    """What the Kubernetes API's addresses may not cover: the pods of all `networks`, and the link.

    Clouds hand out nothing on its ports, so that ranges around their addresses stay as they are deployed.
    """
    return (*LINK, *(each for network in networks for each in network.pods))


def closed_to_tenants(networks: Iterable[Network]) -> tuple[str, ...]:
    """What no range of a tenant's may cover: all that is the clusters' own, the link, and what clouds hand out."""
    return (*LINK, *METADATA, *(each for network in networks for each in network.own))


def closed_to_clients(own: Network, networks: Iterable[Network]) -> tuple[str, ...]:
    """Who is no client from outside of a gateway in the cluster `own`: pods, anywhere.

    Nodes are clients: where a service hides its clients' addresses, these come from a node's.
    """
    return (*closed_to_agents(networks), *(() if own.cluster else PRIVATE))
