"""What runs a tenant's tasks and leads to them: what its file may say about agents and gateway (contract 4.2, 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from settings.models.base import Settings
from settings.models.extra import ExtraValues, ExtraVariables
from settings.types.urls import HostPattern, Url
from settings.types.vocabulary import Address, ReleaseName, Text, WorkerName

# What goes to a chart as it is; the chart's own schema refuses what it does not know.
Free = Mapping[str, Any]
FreeList = Annotated[tuple[Free, ...], Field(strict=False)]

ServiceType = Literal["ClusterIP", "NodePort", "LoadBalancer"]
# A new generation is a new key: the release gets it, and when that is ready the earlier one is revoked.
KeyGeneration = Annotated[int, Field(ge=1, le=9999, examples=["2"])]
# Of a release that was there before: Helm renames none.
OwnRelease = Annotated[ReleaseName | None, Field(examples=["clearml-agent"])]
OWN_RELEASE = "The name of its Helm release, where that is taken over under another; `<tenant>-<use>` if left out."
Port = Annotated[int, Field(ge=1, le=65535, examples=["30100"])]

# The ports that Kubernetes gives out as node ports unless an API server is told otherwise.
NODE_PORTS = (30000, 32767)


class Queue(Settings):
    """One queue of an agent; both mappings go to the chart as they are."""

    queue_settings: Free = Field(
        default_factory=dict,
        description="The chart's settings of this queue, such as how many pods it may have at a time.",
        examples=["{maxPods: 10}"],
    )
    template_overrides: Free = Field(
        default_factory=dict,
        description="What differs from `basePodTemplate` in this queue's pods.",
        examples=["{labels: {team: research}}"],
    )


class Agent(Settings):
    """An agent that runs the tenant's tasks.

    The keys from `basePodTemplate` on are the chart's own, under `agentk8sglue`.
    """

    queues: Mapping[Text, Queue] = Field(
        description="The queues whose tasks the agent runs, by name.", min_length=1, examples=["{default: {}}"]
    )
    create_queues: bool = Field(
        default=True, description="Whether the agent makes those of its queues that are missing.", examples=["false"]
    )
    key_generation: KeyGeneration = Field(
        default=1,
        description="A higher number rotates the agent's key. The new key is in use before the earlier one is revoked.",
    )
    release_name: OwnRelease = Field(default=None, description=OWN_RELEASE)
    apps_queue: Queue | None = Field(
        default=None,
        description="Says that this agent, among several, runs the tenant's applications, and how.",
        examples=["{queueSettings: {maxPods: 5}}"],
    )
    base_pod_template: Free = Field(
        default_factory=dict,
        description="What all pods of tasks have in common; the chart's own key.",
        examples=["{nodeSelector: {pool: gpu}}"],
    )
    default_container_image: Text | None = Field(
        default=None, description="The image of tasks that name none.", examples=["python:3.12"]
    )
    extra_envs: ExtraVariables = Field(default=(), description="More variables for the agent's own container.")
    file_mounts: FreeList = Field(
        default=(),
        description="Files for the agent's pods, with their content in plain text; the chart's own key.",
        examples=["[{name: a.conf, folderPath: /etc/a, fileContent: text}]"],
    )
    container_security_context: Free = Field(
        default_factory=dict,
        description="The security context of the container; the chart's own key.",
        examples=["{readOnlyRootFilesystem: true}"],
    )
    monitored_resources: Free = Field(
        default_factory=dict,
        description="The resources that the agent monitors; the chart's own key.",
        examples=["{minResourcesFieldName: example}"],
    )
    orchestration_dashboard: Free = Field(
        default_factory=dict,
        description="What the agent reports to the orchestration dashboard; the chart's own key.",
        examples=["{reportType: global}"],
    )
    multi_node: Free = Field(
        default_factory=dict,
        description="Tasks that run on several nodes; the chart's own key.",
        examples=["{enabled: true}"],
    )
    completed_pod_deletion_delay_minutes: int | None = Field(
        default=None, description="For how long a completed task's pod stays.", ge=0, examples=["10"]
    )
    container_custom_bash_script: str | None = Field(
        default=None,
        description="The script that a container starts with, in place of the chart's own.",
        examples=["'{extra_bash_init_cmd} …'"],
    )
    use_owner_token: bool | None = Field(
        default=None, description="Whether tasks run as their owner.", examples=["true"]
    )
    extra_values: ExtraValues = Field(
        default_factory=dict,
        description="Whatever else the chart takes, laid over the rest; what this program sets itself is refused.",
    )


class GatewayIngress(Settings):
    """How the gateway's ingress is made, beside its host; left alone, the cluster's defaults count."""

    class_name: Text | None = Field(default=None, description="The ingress class.", examples=["nginx"])
    tls_secret_name: Text | None = Field(
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
    load_balancer_class: Text | None = Field(
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
    extra_envs: ExtraVariables = Field(default=(), description="More variables for the gateway's container.")
    extra_values: ExtraValues = Field(
        default_factory=dict,
        description="Whatever else the chart takes, laid over the rest; what this program sets itself is refused.",
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


Agents = Mapping[WorkerName, Agent]
