"""One tenant: what its file `config/tenants/<stack>/<tenant>.yaml` may say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from settings.models.base import Settings
from settings.models.charts import TenantCharts
from settings.models.cluster_ref import ClusterRef
from settings.models.company import Admin, CompanyApplications, ServiceAccount, SignIn
from settings.models.isolation import Isolation
from settings.models.secrets import DeclaredSecret, SecretName
from settings.models.server.urls import ServerUrls
from settings.models.sso import Sso
from settings.models.workers.agent import Agent, Agents
from settings.models.workers.gateway import Gateway, Gateways
from settings.types.naming import release_name
from settings.types.vocabulary import AccessKey, CompanyId, CompanyName, Feature

# YAML has lists; a frozen model holds tuples. Only the container is lenient, what it holds stays strict.
Features = Annotated[tuple[Feature, ...], Field(strict=False, examples=["[applications]"])]
AccessKeys = Annotated[tuple[AccessKey, ...], Field(strict=False)]


class TenantFile(Settings):
    """All that a tenant's file says."""

    company: CompanyName = Field(description="The tenant's company as the server shows it.", examples=["Acme Inc."])
    protect: bool = Field(
        default=True,
        description="While it is `true`, removing this file and destroying the stack are refused.",
        examples=["false"],
    )
    on_remove: Literal["keep", "delete"] = Field(
        default="keep",
        description=(
            "What becomes of the company when this file is removed: `delete` only where the server offers it, and "
            "never by force."
        ),
        examples=["delete"],
    )
    adopt: bool = Field(
        default=False,
        description=(
            "Take over, on purpose, the company of that name that has users already; the stack's `adoptions` must "
            "grant it."
        ),
        examples=["true"],
    )
    company_id: CompanyId | None = Field(
        default=None,
        description="The id of a company to take over that exists already; the stack's `adoptions` must grant it.",
        examples=["d1bd92a3b039400cbafc60a7a5b1e52b"],
    )
    admin: Admin = Field(
        description="The tenant's internal admin.", examples=["{name: Acme Admin, email: admin@example.com}"]
    )
    features: Features = Field(default=(), description="What the tenant may use beside the server's own features.")
    exclude_features: Features = Field(
        default=(), description="What the tenant may not use of the server's own features."
    )
    allowed_users: int | None = Field(
        default=None,
        description="How many users the tenant may have; the server's default if left out.",
        ge=1,
        le=1_000_000,
        examples=["10"],
    )
    allowed_service_users: int | None = Field(
        default=None,
        description="How many service accounts the tenant may have; the server's default if left out.",
        ge=0,
        le=1_000_000,
        examples=["5"],
    )
    applications: CompanyApplications = Field(
        default=CompanyApplications(),
        description="Which applications people may start, how many, and who sees them.",
        examples=["{maxRunning: 20}"],
    )
    sign_in: SignIn = Field(
        default=SignIn(),
        description="Who lands in this tenant at the first sign-in.",
        examples=["{domains: [example.com]}"],
    )
    sso: Sso | None = Field(
        default=None,
        description=(
            "An identity provider of the tenant's own; its client secret is the stack's `ssoClientSecrets.<tenant>`."
        ),
        examples=["{externalTenant: acme, clientId: clearml-acme, endpoints: {…}}"],
    )
    service_account: ServiceAccount = Field(
        default=ServiceAccount(),
        description="Whose keys agents and gateways have: a service account's in place of the internal admin's.",
        examples=["{enabled: true}"],
    )
    revoke_keys: AccessKeys = Field(
        default=(),
        description=(
            "Access keys that somebody made by hand for users of this company: revoked in the run that finds them, "
            "after those of the tenant's agents and gateways that change in it are healthy."
        ),
        examples=["[GPW7KQX2MZ4T9B1C6D8E3F5H0J2L4N]"],
    )
    agent: Agent | None = Field(
        default=None, description="The agent that runs the tenant's tasks.", examples=["{queues: {default: {}}}"]
    )
    agents: Agents = Field(
        default_factory=dict,
        description="More agents, by name: one for GPUs beside one for CPUs, for example.",
        examples=["{gpu: {queues: {gpu: {}}}}"],
    )
    gateway: Gateway | None = Field(
        default=None, description="The tenant's application gateway.", examples=["{hostName: router.example.com}"]
    )
    gateways: Gateways = Field(
        default_factory=dict,
        description="More gateways, by name: one for another network beside one for all, for example.",
        examples=["{lab: {hostName: lab.example.com}}"],
    )
    workers: ClusterRef | None = Field(
        default=None,
        description="Where agents and gateways run, if not where the stack's workers do.",
        examples=["{kubeContext: kind-gpu}"],
    )
    server_urls: ServerUrls = Field(
        default=ServerUrls(),
        description="Where agents and gateways reach the server, if not where the stack's do.",
        examples=["{files: 'https://files.example.com'}"],
    )
    secrets: Mapping[SecretName, DeclaredSecret] = Field(
        default_factory=dict,
        description="Secrets in the tenant's namespace; their values are the stack's `tenantSecrets.<tenant>`.",
        examples=["{git-login: {keys: [token]}}"],
    )
    charts: TenantCharts = Field(
        default=TenantCharts(),
        description="Versions of the charts that differ from the stack's.",
        examples=["{agent: {version: '6.14.6'}}"],
    )
    isolation: Isolation = Field(
        default=Isolation(),
        description="How the namespace is closed, where it differs from the stack's.",
        examples=["{quota: {gpus: 8}}"],
    )


class Tenant(TenantFile):
    """A tenant; `name` is its file's name, its namespace, and the start of its releases' names.

    `shard` is the folder that its file is in, empty for the environment's own.
    """

    name: str
    shard: str = ""

    @property
    def namespace(self) -> str:
        """Of its workers, in their cluster: always the tenant's name."""
        return self.name

    @property
    def all_agents(self) -> Mapping[str, Agent]:
        """Every agent by what its key is for: `agent` is the unnamed one, `agent-<name>` are the others."""
        unnamed = {"agent": self.agent} if self.agent else {}
        return {**unnamed, **{f"agent-{name}": agent for name, agent in self.agents.items()}}

    @property
    def all_gateways(self) -> Mapping[str, Gateway]:
        """Every gateway, like `all_agents`: `gateway` is the unnamed one, `gateway-<name>` are the others."""
        unnamed = {"gateway": self.gateway} if self.gateway else {}
        return {**unnamed, **{f"gateway-{name}": gateway for name, gateway in self.gateways.items()}}

    @property
    def all_workers(self) -> Mapping[str, Agent | Gateway]:
        """Every agent, then every gateway."""
        return {**self.all_agents, **self.all_gateways}

    @property
    def apps_agent(self) -> str | None:
        """Which of them runs the applications that the server leaves to the tenant: the one that says so, the unnamed
        one, the only one; None if that leaves it open."""
        asking = [use for use, agent in self.all_agents.items() if agent.apps_queue is not None]
        chosen = asking or (["agent"] if self.agent else list(self.all_agents))
        return chosen[0] if len(chosen) == 1 else None

    @property
    def uses(self) -> tuple[str, ...]:
        """What keys are made for: `agent`, `agent-<name>`, `gateway`, `gateway-<name>`."""
        return tuple(self.all_workers)

    def uses_of_admin(self, queue_mode: str) -> frozenset[str]:
        """What needs a key of the internal admin's: the agent that runs the tenant's applications (contract 4.2)."""
        apps = self.apps_agent if queue_mode == "per_tenant" else None
        return frozenset(each for each in self.uses if not self.service_account.enabled or each == apps)

    def worker_of(self, use: str) -> str:
        """What the worker of a use is called."""
        return release_name(self.name, use)

    def release_of(self, use: str) -> str:
        """The name of a worker's release, which is the worker's own unless its file says another."""
        worker = self.all_workers.get(use)
        return (worker.release_name if worker else None) or self.worker_of(use)
