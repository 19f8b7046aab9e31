"""What runs a tenant's tasks and leads to them: what its file may say about agents and gateway (contract, 4.2, 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from settings.models.base import Settings
from settings.models.extra import ExtraValues, ExtraVariables
from settings.types.urls import Url
from settings.types.vocabulary import Address, Domain, Text, WorkerName

# What goes to a chart as it is; the chart's own schema refuses what it does not know.
Free = Mapping[str, Any]
FreeList = Annotated[tuple[Free, ...], Field(strict=False)]

# A new generation is a new key: the release gets it, and when that is ready the earlier one is revoked.
KeyGeneration = Annotated[int, Field(ge=1, le=9999, examples=["2"])]
Port = Annotated[int, Field(ge=1, le=65535, examples=["30100"])]

# The ports that Kubernetes gives out as node ports unless an API server is told otherwise.
NODE_PORTS = (30000, 32767)


class Queue(Settings):
    """One queue of an agent; both mappings go to the chart as they are."""

    queue_settings: Free = Field(default_factory=dict, examples=["{maxPods: 10}"])
    template_overrides: Free = Field(default_factory=dict, examples=["{labels: {team: research}}"])


class Agent(Settings):
    """An agent that runs the tenant's tasks; a higher `key_generation` rotates its key.

    The keys from `base_pod_template` on are the chart's own, under `agentk8sglue`.
    """

    queues: Mapping[Text, Queue] = Field(min_length=1, examples=["{default: {}}"])
    create_queues: bool = Field(default=True, examples=["false"])
    key_generation: KeyGeneration = 1
    # Says which of several agents runs the tenant's applications, where the server leaves these to the tenants.
    apps_queue: Queue | None = Field(default=None, examples=["{queueSettings: {maxPods: 5}}"])
    base_pod_template: Free = Field(default_factory=dict, examples=["{nodeSelector: {pool: gpu}}"])
    default_container_image: Text | None = Field(default=None, examples=["python:3.12"])
    extra_envs: ExtraVariables = ()
    file_mounts: FreeList = Field(default=(), examples=["[{name: a.conf, folderPath: /etc/a, fileContent: text}]"])
    container_security_context: Free = Field(default_factory=dict, examples=["{readOnlyRootFilesystem: true}"])
    monitored_resources: Free = Field(default_factory=dict, examples=["{minResourcesFieldName: example}"])
    orchestration_dashboard: Free = Field(default_factory=dict, examples=["{reportType: global}"])
    multi_node: Free = Field(default_factory=dict, examples=["{enabled: true}"])
    completed_pod_deletion_delay_minutes: int | None = Field(default=None, ge=0, examples=["10"])
    container_custom_bash_script: str | None = Field(default=None, examples=["'{extra_bash_init_cmd} …'"])
    use_owner_token: bool | None = Field(default=None, examples=["true"])
    # Whatever else the chart takes, laid over the rest; what this program sets itself is refused here.
    extra_values: ExtraValues = Field(default_factory=dict)


class GatewayIngress(Settings):
    """How the gateway's ingress is made, beside its host; left alone, the cluster's defaults count."""

    class_name: Text | None = Field(default=None, examples=["nginx"])
    tls_secret_name: Text | None = Field(default=None, examples=["router-tls"])
    annotations: Mapping[str, str] = Field(default_factory=dict, examples=["{cert-manager.io/cluster-issuer: main}"])


class PortRange(Settings):
    """First and last port, both of it."""

    start: Port
    end: Port


class StreamSession(Settings):
    """TCP (and UDP) sessions into tasks: the address that users connect to, the ports that are open there."""

    router_address: Address = Field(examples=["10.0.0.7"])
    service_type: Literal["NodePort", "LoadBalancer", "ClusterIP"] = "NodePort"
    load_balancer_class: Text | None = Field(default=None, examples=["example.com/internal"])
    port_range: PortRange = Field(examples=["{start: 30100, end: 30199}"])


class Gateway(Settings):
    """The tenant's application gateway: behind an ingress (`hostName`), or on a node port (`externalUrl`).

    A higher `key_generation` rotates its key.
    """

    host_name: Domain | None = Field(default=None, examples=["router.example.com"])
    external_url: Url | None = Field(default=None, examples=["http://10.0.0.7:30080"])
    ingress: GatewayIngress = Field(default=GatewayIngress(), examples=["{className: nginx}"])
    stream_session: StreamSession | None = Field(
        default=None, examples=["{routerAddress: 10.0.0.7, portRange: {start: 30100, end: 30199}}"]
    )
    key_generation: KeyGeneration = 1
    extra_envs: ExtraVariables = ()
    extra_values: ExtraValues = Field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it is reached."""
        return self.external_url or f"https://{self.host_name}"


Agents = Mapping[WorkerName, Agent]
