"""What leads to a tenant's tasks: what its file may say about the gateway (contract 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from settings.models.base import Settings
from settings.models.extra import ExtraValues, ExtraVariables
from settings.models.workers.worker import OWN_RELEASE, KeyGeneration, OwnRelease
from settings.types.addresses import Address
from settings.types.kubernetes.labels import LoadBalancerClass
from settings.types.kubernetes.names import WorkerName
from settings.types.urls import HostPattern, Url
from settings.types.yaml_words.unquoted import IngressClass, ObjectName

ServiceType = Literal["ClusterIP", "NodePort", "LoadBalancer"]
Port = Annotated[int, Field(ge=1, le=65535, examples=["30100"])]

# The ports that Kubernetes gives out as node ports unless an API server is told otherwise.
NODE_PORTS = (30000, 32767)


class GatewayIngress(Settings):
    """How the gateway's ingress is made, beside its host; left alone, the cluster's defaults count."""

    class_name: IngressClass | None = Field(default=None, description="The ingress class.", examples=["nginx"])
    tls_secret_name: ObjectName | None = Field(
        default=None,
        description="The Secret in the tenant's namespace that holds the host's certificate.",
        examples=["router-tls"],
    )
    annotations: Mapping[str, str] = Field(
        default_factory=dict,
        description="Annotations of the ingress; the stack's `tenantRules` must allow each.",
        examples=["{cert-manager.io/cluster-issuer: main}"],
    )


class PortRange(Settings):
    """First and last port, both of it."""

    start: Port = Field(description="The first port.")
    end: Port = Field(description="The last port.")


class StreamSession(Settings):
    """TCP (and UDP) sessions into tasks: the address that users connect to, the ports that are open there."""

    router_address: Address = Field(description="The address that users connect to.", examples=["10.0.0.7"])
    service_type: Literal["NodePort", "LoadBalancer", "ClusterIP"] = Field(
        default="NodePort", description="How the ports are opened."
    )
    load_balancer_class: LoadBalancerClass | None = Field(
        default=None,
        description="Which load balancer, where `serviceType` is `LoadBalancer`.",
        examples=["example.com/internal"],
    )
    port_range: PortRange = Field(description="The ports that sessions use.", examples=["{start: 30100, end: 30199}"])


class Gateway(Settings):
    """The tenant's application gateway: behind an ingress (`hostName`), or reached in another way (`externalUrl`)."""

    host_name: HostPattern | None = Field(
        default=None,
        description=(
            "The host under which an ingress leads to the gateway. With `*.` before it, every host directly below; "
            "`externalUrl` then says at which of them people begin."
        ),
        examples=["router.example.com"],
    )
    external_url: Url | None = Field(
        default=None,
        description=(
            "Where the gateway is reached without an ingress: on a node port, by a load balancer, or by a route of your"
            " own."
        ),
        examples=["http://10.0.0.7:30080"],
    )
    service_type: ServiceType | None = Field(
        default=None,
        description="The type of its service; `ClusterIP` with `hostName` and `NodePort` without if left out.",
        examples=["LoadBalancer"],
    )
    ingress: GatewayIngress = Field(
        default=GatewayIngress(), description="How its ingress is made.", examples=["{className: nginx}"]
    )
    stream_session: StreamSession | None = Field(
        default=None,
        description="TCP and UDP sessions into tasks; none if left out.",
        examples=["{routerAddress: 10.0.0.7, portRange: {start: 30100, end: 30199}}"],
    )
    key_generation: KeyGeneration = Field(
        default=1,
        description=(
            "A higher number rotates the gateway's key. The new key is in use before the earlier one is revoked."
        ),
    )
    release_name: OwnRelease = Field(default=None, description=OWN_RELEASE)
    extra_envs: ExtraVariables = Field(
        default=(),
        description="More variables for the gateway's container.",
        examples=["[{name: TZ, value: Europe/Berlin}]"],
    )
    extra_values: ExtraValues = Field(
        default_factory=dict,
        description="Whatever else the chart takes, laid over the rest; what this program sets itself is refused.",
        examples=["{router: {nodeSelector: {pool: gateways}}}"],
    )

    @property
    def service(self) -> ServiceType:
        """The type of its service."""
        return self.service_type or ("ClusterIP" if self.host_name else "NodePort")

    @property
    def domain(self) -> str | None:
        """The host that an ingress leads to it, or the domain directly below which all hosts do."""
        return self.host_name.removeprefix("*.") if self.host_name else None

    @property
    def url(self) -> str:
        """Where it is reached."""
        return self.external_url or f"https://{self.host_name}"


Gateways = Mapping[WorkerName, Gateway]
