"""What `clearml-tenants:stack.server` may say of the Server release."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from settings.models.base import Settings
from settings.models.extra import ExtraValues
from settings.models.server.parts import Applications, Fileserver, Mongodb, PartWithVariables, Redis
from settings.models.server.reporting import ApiAudit, UsageAggregator, UsageScripts
from settings.models.server.sign_in.providers import IdentityProviders
from settings.types.kubernetes.names import Namespace, ReleaseName
from settings.types.vocabulary import CompanyId, Email, Text, Version
from settings.types.yaml_words.unquoted import CookieName

# The server's own, and how it is called (contract 3).
DEFAULT_COMPANY = "d1bd92a3b039400cbafc60a7a5b1e52b"
DEFAULT_COMPANY_NAME = "clearml"


class Supervisor(Settings):
    """The user who sees every tenant's resources; its key and secret are the stack's secrets, needed while it is on.

    Newer servers have the Platform Management Center instead (contract 3): `enabled: false` leaves the user out.
    """

    enabled: bool = Field(
        default=True,
        description="Whether there is a supervisor; newer servers have the Platform Management Center instead.",
        examples=["false"],
    )
    email: Email | None = Field(
        default=None,
        description="The supervisor's address, needed while it is enabled.",
        examples=["supervisor@example.com"],
    )
    company: CompanyId = Field(
        default=DEFAULT_COMPANY, description="The company that the supervisor belongs to; the server's own by default."
    )
    groups: Annotated[tuple[Text, ...], Field(strict=False, examples=["[users, admins, queue_admins]"])] = Field(
        default=(
            "users",
            "admins",
            "queue_admins",
        ),
        description="The groups that the supervisor is in.",
    )

    @model_validator(mode="after")
    def _has_email(self) -> Supervisor:
        if self.enabled and self.email is None:
            raise ValueError("needs an email; write it like email: supervisor@example.com, or enabled: false beside it")
        return self


class Server(Settings):
    """The Server release and what it is told about itself.

    What the chart's version tells of the apiserver's is in `settings/features/server_version.py`; of `multiTenantLogin`
    see contract 6.1, of `keyLifetimeSeconds` 6.5: a run stops if the server gives the keys of agents and gateways an
    end.
    """

    protect: bool = Field(
        default=True,
        description=(
            "While it is `true`, nothing removes or replaces the release or its namespace, where tenants' data may be."
        ),
        examples=["false"],
    )
    namespace: Namespace = Field(default="clearml", description="The server's namespace.")
    release: ReleaseName = Field(default="clearml-enterprise", description="The name of the server's release.")
    version: Version | None = Field(
        default=None,
        description="The apiserver's version, where the chart's version does not tell it; checks go by it.",
        examples=["'3.26.8'"],
    )
    cookie_name: CookieName = Field(
        description="The sign-in cookie, which the server sets and gateways look for.", examples=["clearml_token_basic"]
    )
    queue_mode: Literal["global", "per_tenant"] = Field(
        default="global",
        description="Who runs applications: one agent of the server's for all tenants, or an agent of each tenant.",
    )
    unique_names: bool = Field(
        default=True, description="Whether no two companies may have the same name.", examples=["true"]
    )
    multi_tenant_login: bool = Field(
        default=False,
        description=(
            "Whether people sign in at `<app>/login/<external tenant>`, each tenant with a provider of its own and no"
            " other."
        ),
        examples=["true"],
    )
    identity_providers: IdentityProviders = Field(
        default=IdentityProviders(),
        description="With what everybody may sign in; their secrets are the stack's `identityProviderSecrets`.",
        examples=["{google: {clientId: 0oa8m2onb7CAohGdW5d8}}"],
    )
    key_lifetime_seconds: int | None = Field(
        default=None,
        description=(
            "The longest life that people may choose for their keys; 0 sets no limit. Agents and gateways have keys "
            "that live for ever all the same."
        ),
        ge=0,
        examples=["7776000"],
    )
    supervisor: Supervisor = Field(
        description="The user who sees every tenant's resources.", examples=["{email: supervisor@example.com}"]
    )
    apiserver: PartWithVariables = Field(
        default=PartWithVariables(),
        description="The part that answers API calls.",
        examples=["{host: api.example.com}"],
    )
    webserver: PartWithVariables = Field(
        default=PartWithVariables(),
        description="The part that serves the web interface.",
        examples=["{host: app.example.com}"],
    )
    fileserver: Fileserver = Field(
        default=Fileserver(), description="The part that stores files.", examples=["{enabled: false}"]
    )
    applications: Applications = Field(
        default=Applications(),
        description="The agent with which the server runs applications itself.",
        examples=["{enabled: false}"],
    )
    mongodb: Mongodb = Field(
        default=Mongodb(),
        description="Which MongoDB the chart brings.",
        examples=["{enabled: true, mckMigrated: false}"],
    )
    redis: Redis | None = Field(
        default=None,
        description="A Redis that is not the chart's own; the chart's own if left out.",
        examples=["{host: redis.example.com}"],
    )
    api_audit: ApiAudit = Field(
        default=ApiAudit(), description="A log entry for each API call.", examples=["{enabled: true}"]
    )
    usage_aggregator: UsageAggregator = Field(
        default=UsageAggregator(), description="The metering service.", examples=["{enabled: true}"]
    )
    usage_scripts: UsageScripts = Field(
        default=UsageScripts(),
        description="What the chart reports to the metering service.",
        examples=["{enabled: true}"],
    )
    extra_values: ExtraValues = Field(
        default_factory=dict,
        description="Whatever else the chart takes, laid over the rest; what this program sets itself is refused.",
    )
