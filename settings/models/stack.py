"""One environment: what `config/Pulumi.<stack>.yaml` may say about the server and its charts."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from pydantic.alias_generators import to_camel

from settings.models.base import Settings
from settings.models.charts import Charts
from settings.models.encrypted import Encrypted, is_encrypted
from settings.models.groups import Groups
from settings.models.isolation import StackIsolation
from settings.models.network import Network
from settings.models.place import Place
from settings.models.server import Server
from settings.models.server_secrets import ServerSecretKeys
from settings.models.tenant_rules import TenantRules
from settings.types import naming
from settings.types.urls import Url
from settings.types.vocabulary import CompanyId, Domain, Feature, Role, Text, WorkerName

PROJECT = naming.PROJECT

# The document's own first block.
_FEATURES = {"user_management_advanced": True}
_UI_FEATURES = {"user": {"show_datasets": False, "show_orchestration": False}}


class StackSettings(Settings):
    """The object `clearml-tenants:stack`."""

    base_domain: Domain = Field(examples=["clearml.example.com"])
    kube_context: Text = Field(examples=["kind-clearml"])
    # Where tenants' workers run unless a tenant's file says otherwise; the server's own cluster if left out.
    workers: Place | None = Field(default=None, examples=["{kubeContext: kind-gpu}"])
    charts: Charts = Field(examples=["{server: {chart: …}, agent: {chart: …}, gateway: {chart: …}}"])
    server: Server = Field(examples=["{cookieName: clearml_token_basic, supervisor: {email: supervisor@example.com}}"])
    features: Mapping[Feature, bool] = Field(default=_FEATURES, examples=["{user_management_advanced: true}"])
    groups: Groups = Field(default=Groups(), examples=["{users: {features: [applications]}}"])
    ui_features_per_role: Mapping[Role, Mapping[Feature, bool]] = Field(
        default=_UI_FEATURES, examples=["{user: {show_datasets: false}}"]
    )
    isolation: StackIsolation = Field(default=StackIsolation(), examples=["{quota: {cpu: '64', memory: 256Gi}}"])
    # The companies that tenants may take over with everybody in them, by the tenant's file.
    adoptions: Mapping[Text, CompanyId] = Field(
        default_factory=dict, examples=["{acme: 0123456789abcdef0123456789abcdef}"]
    )
    # What tenants' files may decide.
    tenant_rules: TenantRules = Field(default=TenantRules(), examples=["{tenants: {acme: {contexts: [kind-gpu]}}}"])

    def place_of(self, workers: Place | None) -> Place:
        """Where the workers of a tenant run whose file says `workers`."""
        return workers or self.workers or self.own_place

    def network_of(self, workers: Place | None) -> Network:
        """The facts of the network where the workers of a tenant run whose file says `workers`."""
        return self.network_at(self.place_of(workers))

    def network_at(self, place: Place) -> Network:
        """The facts of the network there; of another cluster, only what is told of it under `elsewhere`."""
        return (
            self.isolation.network if place == self.own_place else self.isolation.elsewhere.get(str(place), Network())
        )

    @property
    def own_place(self) -> Place:
        """Where the server runs."""
        return Place(kube_context=self.kube_context)

    @property
    def api_host(self) -> str:
        return self.server.apiserver.host or f"api.{self.base_domain}"

    @property
    def app_host(self) -> str:
        return self.server.webserver.host or f"app.{self.base_domain}"

    @property
    def files_host(self) -> str:
        return self.server.fileserver.host or f"files.{self.base_domain}"

    @property
    def files_url(self) -> str | None:
        """Where tasks store files; None if the server has no store and nobody says which other there is."""
        fileserver = self.server.fileserver
        return fileserver.external_url or (self.url_of(self.files_host) if fileserver.enabled else None)

    @staticmethod
    def url_of(host: str) -> str:
        """How agents, gateways and browsers reach `host`; the program itself uses the stack's `apiUrl`."""
        return f"https://{host}"


class StackFile(ServerSecretKeys):
    """This project's keys in `config/Pulumi.<stack>.yaml`, without their prefix `clearml-tenants:`."""

    api_url: Url = Field(examples=["https://api.clearml.example.com"])
    # Not strict: `pulumi config set` rewrites the file with every scalar as a text.
    api_wait_seconds: int = Field(
        default=300, strict=False, ge=1, le=3600, examples=["300"], json_schema_extra={"type": ["integer", "string"]}
    )
    # Read by the dynamic resources from the engine, as all of the connection; here so that it is a known key.
    api_ca_file: Text | None = Field(default=None, examples=["/etc/ssl/private-ca.pem"])
    api_calls_per_second: float | None = Field(default=None, strict=False, ge=0.1, le=1000, examples=["20"])
    apiserver_key: Encrypted
    apiserver_secret: Encrypted
    # Demanded while the supervisor is on: `missing_secrets`.
    supervisor_key: Encrypted = None
    supervisor_secret: Encrypted = None
    image_token: Encrypted = None
    # Where the charts are not at the image token's registry, or have a token of their own: see
    # `settings/loading/chart_login.py`.
    chart_token: Encrypted = None
    # By tenant; read with the key to it only when something is deployed.
    sso_client_secrets: Mapping[str, Encrypted] = Field(default_factory=dict, examples=["{acme: {secure: …}}"])
    # By name, for workers in clusters that the operator's own kubeconfig does not know.
    kubeconfigs: Mapping[WorkerName, Encrypted] = Field(default_factory=dict, examples=["{gpu: {secure: …}}"])
    stack: StackSettings = Field(examples=["{baseDomain: clearml.example.com, …}"])

    @classmethod
    def secrets(cls) -> frozenset[str]:
        """The keys whose value the engine must hold encrypted, as written in the file."""
        return frozenset(
            str(field.alias) for field in cls.model_fields.values() if any(is_encrypted(m) for m in field.metadata)
        )

    def given_secrets(self) -> frozenset[str]:
        """The keys of the secrets that the file has."""
        return self.secrets() & {to_camel(name) for name in self.model_fields_set}

    def missing_secrets(self) -> list[str]:
        """The keys of secrets that the other settings ask for and the file does not have."""
        asked = ("supervisor_key", "supervisor_secret") if self.stack.server.supervisor.enabled else ()
        return [key for key in map(to_camel, asked) if key not in self.given_secrets()]
