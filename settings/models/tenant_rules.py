"""What tenants' files may decide: `clearml-tenants:stack.tenantRules`, which only the stack's file can change.

Each default is the safe one. `tenants` widens a rule for one tenant alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from settings.models.base import Settings
from settings.models.isolation import Amounts, Quota
from settings.types.addresses import Cidr
from settings.types.chart_rights import names_cluster_rights
from settings.types.kubernetes.names import AnyNamespace
from settings.types.pod_security import Level
from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds
from settings.types.urls import ServerPlace
from settings.types.versions import is_exact
from settings.types.vocabulary import Domain, Text


def _priority_class(text: str) -> str:
    if text.startswith("system-"):
        raise ValueError(f"{quoted(text)} is for Kubernetes' own pods; name a class of your own, like tasks-low")
    return text


def _chart_key(text: str) -> str:
    if names_cluster_rights(text.split(".")):
        raise ValueError(
            f"{quoted(text)} gives rights in the whole cluster, which no tenant's release may have; remove it"
        )
    return text


def _own_name(text: str) -> str:
    if text in {"default"} or text.startswith("kube-"):
        raise ValueError(f"{quoted(text)} is a namespace of Kubernetes itself, which no tenant may open; remove it")
    return text


def _version(text: str) -> str:
    if not is_exact(text):
        raise ValueError(f"{quoted(text)} is no version; write it in full, like '6.14.2'")
    return text


ExactVersion = Annotated[Text, Holds("a version"), AfterValidator(_version)]
PriorityClass = Annotated[Text, Holds("a priority class"), AfterValidator(_priority_class)]
ChartKey = Annotated[Text, Holds("a key of a chart's values, with dots"), AfterValidator(_chart_key)]
OpenNamespace = Annotated[AnyNamespace, AfterValidator(_own_name)]


class Grants(Settings):
    """What a tenant's file may decide beyond what is safe for every tenant."""

    contexts: Annotated[tuple[Text, ...], Field(strict=False, examples=["[kind-gpu, kubeconfig/gpu]"])] = Field(
        default=(),
        description=(
            "Where workers may run: `kind-gpu` of the operator's kubeconfig, `kubeconfig/gpu` of one among the "
            "stack's secrets."
        ),
    )
    cluster_access: bool = Field(
        default=False,
        description="Whether agents may see their whole cluster, where no other tenant and not the server is.",
        examples=["true"],
    )
    namespaces: Annotated[tuple[OpenNamespace, ...], Field(strict=False, examples=["[registry]"])] = Field(
        default=(), description="Namespaces that `isolation.network.allow` may name."
    )
    addresses: Annotated[tuple[Cidr, ...], Field(strict=False, examples=["[10.20.0.0/16]"])] = Field(
        default=(), description="Ranges of private addresses that `isolation.network.allow` may name."
    )
    from_namespaces: Annotated[tuple[OpenNamespace, ...], Field(strict=False, examples=["[monitoring]"])] = Field(
        default=(), description="Namespaces that `isolation.network.allowFrom` may name."
    )
    from_addresses: Annotated[tuple[Cidr, ...], Field(strict=False, examples=["[203.0.113.0/24]"])] = Field(
        default=(), description="Ranges of addresses that `isolation.network.allowFrom` may name."
    )
    quota: Quota = Field(
        default=Quota(),
        description="The highest quota that may be asked for; the stack's own `isolation.quota` if left out.",
        examples=["{cpu: '128', gpus: 16}"],
    )
    limits: Amounts = Field(
        default=Amounts(),
        description="The most that one container may be given; the stack's own `isolation.limits.max` if left out.",
        examples=["{cpu: '32', memory: 128Gi}"],
    )
    pod_security: Level | None = Field(
        default=None,
        description="The weakest level that may be asked for; the stack's own if left out.",
        examples=["baseline"],
    )
    ingress_annotations: Annotated[
        tuple[Text, ...], Field(strict=False, examples=["[nginx.ingress.kubernetes.io/limit-*]"])
    ] = Field(default=(), description="Annotations that a gateway's ingress may have; a name may end in `*`.")
    priority_classes: Annotated[tuple[PriorityClass, ...], Field(strict=False, examples=["[tasks-low]"])] = Field(
        default=(), description="Priority classes that pods of tasks may have."
    )
    scheduler_queues: Annotated[tuple[Text, ...], Field(strict=False, examples=["[research]"])] = Field(
        default=(),
        description="Queues of the cluster's scheduler that pods may wait in, where a queue is the whole cluster's.",
    )
    tolerations: Annotated[tuple[Text, ...], Field(strict=False, examples=["[example.com/dedicated]"])] = Field(
        default=(),
        description="Taints of nodes that are kept from tenants, which pods of tasks may tolerate all the same.",
    )
    volume_types: Annotated[tuple[Text, ...], Field(strict=False, examples=["[nfs]"])] = Field(
        default=(),
        description=(
            "Kinds of volumes that the node mounts, which pods of tasks may have beside a `persistentVolumeClaim`."
        ),
    )
    host_suffixes: Annotated[tuple[Domain, ...], Field(strict=False, examples=["[acme.example]"])] = Field(
        default=(),
        description="Domains below which a gateway's host may be, beside the base domain and the tenant's own.",
    )
    guest_domains: Annotated[tuple[Domain, ...], Field(strict=False, examples=["[globex.example]"])] = Field(
        default=(), description="Domains of other tenants whose people this tenant's file may name by their address."
    )
    server_hosts: Annotated[tuple[ServerPlace, ...], Field(strict=False, examples=["[minio.acme.example:9000]"])] = (
        Field(
            default=(),
            description=(
                "Hosts that workers' `serverUrls`, proxies and mirrors and a tenant's `sso` may lead to beside the "
                "server's own and the base domain's; with a port other than 80 and 443; a bucket by its name."
            ),
        )
    )
    chart_values: Annotated[
        tuple[ChartKey, ...], Field(strict=False, examples=["[agentk8sglue.serviceAccountAnnotations]"])
    ] = Field(
        default=(),
        description=(
            "Keys of `extraValues`, or of rights in an agent's other settings, that may be used with all below them."
        ),
    )

    oldest_agent_chart: ExactVersion | None = Field(
        default=None,
        description=(
            "The oldest version of the agents' chart that `charts` may pin, since an old one brings back what a later "
            "one mends; the stack's own if left out."
        ),
        examples=["'6.14.2'"],
    )
    oldest_gateway_chart: ExactVersion | None = Field(
        default=None,
        description="The same of the gateway's chart; the stack's own if left out.",
        examples=["'3.0.0'"],
    )
    session_ports: int = Field(
        default=256,
        ge=0,
        description="How many ports the stream sessions of all the tenant's gateways may have; a cluster has 2,768.",
        examples=["1000"],
    )
    templates: Annotated[tuple[Text, ...], Field(strict=False, examples=["[agentk8sglue.fileMounts.fileContent]"])] = (
        Field(
            default=(),
            description=(
                "Keys of workers' settings in which `{{` or a line's end may stand, with all below them: a chart may "
                "run or write that as its own text, with the deploy's rights over the whole cluster."
            ),
        )
    )

    def with_more(self, other: Grants) -> Grants:
        """These and `other`'s: lists are joined, a ceiling of `other` wins."""
        said = {name: getattr(other, name) for name in other.model_fields_set & set(Grants.model_fields)}
        joined = {name: (*getattr(self, name), *value) for name, value in said.items() if isinstance(value, tuple)}
        ceilings = {
            name: getattr(self, name).model_copy(update={each: getattr(value, each) for each in value.model_fields_set})
            for name, value in said.items()
            if isinstance(value, Settings)
        }
        return Grants.model_construct(
            **{**{name: getattr(self, name) for name in Grants.model_fields}, **said, **joined, **ceilings}
        )


class TenantRules(Grants):
    """What every tenant's file may decide; `tenants` grants more to one, by its file's name."""

    name_prefix: Text | None = Field(
        default=None, description="How every tenant's name must begin.", examples=["tenant-"]
    )
    reserved_names: Annotated[tuple[Text, ...], Field(strict=False, examples=["[databases, platform-*]"])] = Field(
        default=(), description="Names, and so namespaces, that no tenant may have unless it stands in `tenants`."
    )
    tenants: Mapping[Text, Grants] = Field(
        default_factory=dict,
        description="What one tenant's file may decide beyond that, by its name.",
        examples=["{acme: {contexts: [kind-gpu]}}"],
    )

    def of(self, tenant: str) -> Grants:
        """What the tenant's file may decide."""
        more = self.tenants.get(tenant)
        return self.with_more(more) if more else self
