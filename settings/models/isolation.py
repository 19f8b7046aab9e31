"""How a tenant's namespace is set apart: pod security, quota, limits and network; and the stack's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from settings.models.base import Settings
from settings.models.network import Destinations, Network, Sources
from settings.types.kubernetes.labels import ExtendedResource, ResourceName
from settings.types.pod_security import Level
from settings.types.quantity import Quantity
from settings.types.vocabulary import Text

_Model = TypeVar("_Model", bound=Settings)
# Not strict: a number that `pulumi config set` rewrote is a text.
Count = Annotated[int, Field(ge=0, strict=False)]


class Quota(Settings):
    """What all pods of the namespace may ask for together; what is not written is not limited."""

    cpu: Quantity | None = Field(
        default=None, description="All CPUs that pods may request together.", examples=["'64'"]
    )
    memory: Quantity | None = Field(
        default=None, description="All memory that pods may request together.", examples=["256Gi"]
    )
    ephemeral_storage: Quantity | None = Field(
        default=None, description="All storage on nodes that pods may request together.", examples=["500Gi"]
    )
    storage: Quantity | None = Field(
        default=None, description="The size of all volume claims together.", examples=["1Ti"]
    )
    volumes: Count | None = Field(default=None, description="How many volume claims there may be.", examples=["20"])
    pods: Count | None = Field(default=None, description="How many pods there may be.", examples=["100"])
    gpus: Count | None = Field(
        default=None, description="How many GPUs pods may request together, counted as `gpuResource`.", examples=["8"]
    )
    gpu_resource: ExtendedResource = Field(
        default="nvidia.com/gpu", description="What the cluster calls a GPU.", examples=["nvidia.com/gpu"]
    )
    other: Mapping[ResourceName, Quantity] = Field(
        default_factory=dict,
        description="Further limits, by the names that Kubernetes has for them.",
        examples=["{count/jobs.batch: 50}"],
    )


class Amounts(Settings):
    """Of one container."""

    cpu: Quantity | None = Field(default=None, description="CPUs.", examples=["500m"])
    memory: Quantity | None = Field(default=None, description="Memory.", examples=["1Gi"])


class Limits(Settings):
    """Of every container, under Kubernetes' own names: what it asks for and is held to if it says nothing, and the
    most it may ever have. Without a `default`, `max` is it."""

    default_request: Amounts = Field(
        default=Amounts(),
        description="What a container requests that says nothing.",
        examples=["{cpu: 100m, memory: 256Mi}"],
    )
    default: Amounts = Field(
        default=Amounts(),
        description="What a container may use at most that says nothing; `max` if left out.",
        examples=["{cpu: '2', memory: 4Gi}"],
    )
    max: Amounts = Field(
        default=Amounts(), description="The most that any container may have.", examples=["{cpu: '16', memory: 64Gi}"]
    )


# A quota refuses a pod that asks for nothing; with this it asks for something.
_LEAST = Limits(default_request=Amounts(cpu="100m", memory="256Mi"))


class Reach(Settings):
    """What a tenant's pods may reach beside DNS, ClearML's server and their own namespace; and who reaches them."""

    allow: Destinations = Field(default=(), description="What pods may reach on top of what the stack allows to all.")
    allow_from: Sources = Field(
        default=(),
        description="Who reaches pods, on top of the stack's own; the stack's `tenantRules` must grant each.",
    )


class Isolation(Settings):
    """A tenant's own; what it leaves out is the stack's, value by value. What it may reach comes on top."""

    pod_security: Level | None = Field(
        default=None,
        description="The pod security level of the namespace; the stack's if left out.",
        examples=["restricted"],
    )
    quota: Quota = Field(
        default=Quota(),
        description="What all pods of the namespace may request together, value by value over the stack's.",
        examples=["{cpu: '64', memory: 256Gi, gpus: 8}"],
    )
    limits: Limits = Field(
        default=Limits(),
        description="What one container may have, value by value over the stack's.",
        examples=["{max: {cpu: '16', memory: 64Gi}}"],
    )
    network: Reach = Field(
        default=Reach(),
        description="What pods may reach outside.",
        examples=["{allow: [{cidr: 203.0.113.0/24, ports: [443]}]}"],
    )


class StackIsolation(Settings):
    """What holds for every tenant that does not say otherwise, and the facts of the stack's own cluster's network."""

    pod_security: Literal["baseline", "restricted"] = Field(
        default="baseline", description="The pod security level of namespaces whose tenant says nothing."
    )
    privileged_tenants: Annotated[tuple[Text, ...], Field(strict=False, examples=["[acme]"])] = Field(
        default=(),
        description=(
            "Tenants that may ask for `privileged` pods: these can use the node's network, which no policy holds."
        ),
    )
    quota: Quota = Field(
        default=Quota(),
        description="What all pods of a namespace may request together, where the tenant says nothing.",
        examples=["{cpu: '64', memory: 256Gi, gpus: 8}"],
    )
    limits: Limits = Field(
        default=Limits(),
        description="What one container may have, where the tenant says nothing.",
        examples=["{max: {cpu: '16', memory: 64Gi}}"],
    )
    network: Network = Field(
        default=Network(),
        description="The facts of the network of the stack's own cluster.",
        examples=["{kubernetesApi: [{cidr: 10.0.0.10/32, ports: [6443]}]}"],
    )
    elsewhere: Mapping[Text, Network] = Field(
        default_factory=dict,
        description=(
            "The same of other clusters where workers run, by place: `context/<kubeContext>` or `kubeconfig/<name>`."
        ),
        examples=["{context/kind-gpu: {serverAddresses: [{cidr: 203.0.113.10/32, ports: [443]}]}}"],
    )

    @property
    def networks(self) -> tuple[Network, ...]:
        """Of every cluster: what is one's own is closed to the tenants of all."""
        return (self.network, *self.elsewhere.values())


def pod_security(stack: StackIsolation, tenant: Isolation) -> Level:
    """The level that holds in the tenant's namespace."""
    return tenant.pod_security or stack.pod_security


def quota(stack: StackIsolation, tenant: Isolation) -> Quota:
    """The quota that holds: the tenant's values over the stack's."""
    return _over(stack.quota, tenant.quota)


def limits(stack: StackIsolation, tenant: Isolation) -> Limits:
    """The limits that hold: the tenant's values over the stack's, over the least that a quota needs."""
    return _over(_over(_LEAST, stack.limits), tenant.limits)


def _over(base: _Model, change: _Model) -> _Model:
    """`base` with all that `change` says, also if it says null."""
    said = {name: getattr(change, name) for name in change.model_fields_set}
    inner = {name: _over(getattr(base, name), value) for name, value in said.items() if isinstance(value, Settings)}
    return base.model_copy(update={**said, **inner})
