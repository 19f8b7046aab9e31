"""One environment: what `config/Pulumi.<stack>.yaml` may say about the server and its charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from settings.models.base import Settings
from settings.models.charts import Charts, RegistryPlace
from settings.models.cluster_ref import ClusterRef
from settings.models.groups import Groups
from settings.models.isolation import StackIsolation
from settings.models.network import Network
from settings.models.secrets import SecretName, StackSecret
from settings.models.server.release import Server
from settings.models.server.urls import ServerUrls, WorkerUrls
from settings.models.tenant_rules import TenantRules
from settings.types.addresses import Address
from settings.types.registries import DEFAULT_REGISTRIES
from settings.types.vocabulary import CompanyId, Domain, Feature, Role, Text

# The document's own first block.
_FEATURES = {"user_management_advanced": True}
_UI_FEATURES = {"user": {"show_datasets": False, "show_orchestration": False}}


class StackSettings(Settings):
    """The object `clearml-tenants:stack`."""

    base_domain: Domain = Field(
        description="The domain below which the server's hosts are.", examples=["clearml.example.com"]
    )
    kube_context: Text = Field(
        description="The context of the server's cluster in the operator's kubeconfig.", examples=["kind-clearml"]
    )
    api_hosts: Annotated[tuple[Address, ...], Field(strict=False, examples=["[api.example.net]"])] = Field(
        default=(), description="Hosts outside the base domain to which `apiUrl` and `serverUrls.api` may lead."
    )
    workers: ClusterRef | None = Field(
        default=None,
        description=(
            "Where tenants' agents and gateways run unless a tenant's file says otherwise; the server's own cluster "
            "if left out."
        ),
        examples=["{kubeContext: kind-gpu}"],
    )
    charts: Charts = Field(
        description="Where the charts come from.",
        examples=["{server: {chart: …}, agent: {chart: …}, gateway: {chart: …}}"],
    )
    registries: Annotated[
        tuple[RegistryPlace, ...], Field(strict=False, examples=["[docker.io/clearml, registry.example.com/mirror]"])
    ] = Field(
        default=DEFAULT_REGISTRIES,
        description="Where charts and images may come from: a host, or a folder at one, with all below it.",
    )
    server: Server = Field(
        description="The server's release, and what it is told.",
        examples=["{cookieName: clearml_token_basic, supervisor: {email: supervisor@example.com}}"],
    )
    server_urls: ServerUrls = Field(
        default=ServerUrls(),
        description="Where agents and gateways reach the server, if not at its hosts by https.",
        examples=["{api: 'http://clearml-enterprise-apiserver.clearml.svc:8008'}"],
    )
    features: Mapping[Feature, bool] = Field(
        default=_FEATURES,
        description="The server's own features, which every tenant has.",
        examples=["{user_management_advanced: true}"],
    )
    groups: Groups = Field(
        default=Groups(),
        description="Which features each group of users lets through.",
        examples=["{users: {features: [applications]}}"],
    )
    ui_features_per_role: Mapping[Role, Mapping[Feature, bool]] = Field(
        default=_UI_FEATURES,
        description="Parts of the web interface that a role sees or does not see.",
        examples=["{user: {show_datasets: false}}"],
    )
    isolation: StackIsolation = Field(
        default=StackIsolation(),
        description="How tenants' namespaces are closed, and the facts of the network.",
        examples=["{quota: {cpu: '64', memory: 256Gi}}"],
    )
    secrets: Mapping[SecretName, StackSecret] = Field(
        default_factory=dict,
        description="Secrets in the server's namespace; their values are the stack's `secrets.<name>`.",
        examples=["{git-login: {keys: [token], tenants: [acme]}}"],
    )
    adoptions: Mapping[Text, CompanyId] = Field(
        default_factory=dict,
        description="The companies that tenants may take over with everybody in them, by the tenant's file.",
        examples=["{acme: 0123456789abcdef0123456789abcdef}"],
    )
    take_over: Annotated[tuple[Text, ...], Field(strict=False, examples=["[acme, acme/clearml-agent]"])] = Field(
        default=(), description="Namespaces and releases that somebody else made and that this stack may take over."
    )
    tenant_rules: TenantRules = Field(
        default=TenantRules(),
        description="What tenants' files may decide.",
        examples=["{tenants: {acme: {contexts: [kind-gpu]}}}"],
    )

    def cluster_of(self, workers: ClusterRef | None) -> ClusterRef:
        """Where the workers of a tenant run whose file says `workers`."""
        return workers or self.workers or self.own_cluster

    def network_of(self, workers: ClusterRef | None) -> Network:
        """The facts of the network where the workers of a tenant run whose file says `workers`."""
        return self.network_at(self.cluster_of(workers))

    def network_at(self, place: ClusterRef) -> Network:
        """The facts of the network there; of another cluster, only what is told of it under `elsewhere`."""
        return (
            self.isolation.network if place == self.own_cluster else self.isolation.elsewhere.get(str(place), Network())
        )

    def network_key(self, place: ClusterRef) -> str:
        """Where the stack's settings say what `network_at` returns."""
        return "isolation.network" if place == self.own_cluster else f"isolation.elsewhere.{place}"

    @property
    def own_cluster(self) -> ClusterRef:
        """Where the server runs."""
        return ClusterRef(kube_context=self.kube_context)

    @property
    def api_host(self) -> str:
        """Where the API is for browsers and SDKs, a host; below the base domain if the file names none."""
        return self.server.apiserver.host or f"api.{self.base_domain}"

    @property
    def app_host(self) -> str:
        """The same of the web application."""
        return self.server.webserver.host or f"app.{self.base_domain}"

    @property
    def files_host(self) -> str:
        """The same of the server's store of files, whether it is switched on or not."""
        return self.server.fileserver.host or f"files.{self.base_domain}"

    @property
    def files_url(self) -> str | None:
        """Where tasks store files; None if the server has no store and nobody says which other there is."""
        fileserver = self.server.fileserver
        return fileserver.external_url or (self.url_of(self.files_host) if fileserver.enabled else None)

    @staticmethod
    def url_of(host: str) -> str:
        """How browsers reach `host`, and workers unless `serverUrls` says otherwise; the program uses `apiUrl`."""
        return f"https://{host}"

    def urls_for(self, tenants: ServerUrls | None = None) -> WorkerUrls:
        """Where agents and gateways reach the server whose tenant's file says `tenants`."""
        hosts = WorkerUrls(self.url_of(self.api_host), self.url_of(self.app_host), self.files_url)
        own = self.server_urls.over(hosts)
        return tenants.over(own) if tenants else own
