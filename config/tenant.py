"""One tenant: what its file `config/tenants/<stack>/<tenant>.yaml` may say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from config.model import Settings
from config.sso import Sso
from config.vocabulary import CompanyId, CompanyName, Domain, Email, Feature, PersonName, Text, Url

# YAML has lists; a frozen model holds tuples. Only the container is lenient, what it holds stays strict.
Domains = Annotated[tuple[Domain, ...], Field(strict=False, examples=["[example.com]"])]
Features = Annotated[tuple[Feature, ...], Field(strict=False, examples=["[applications]"])]
Emails = Annotated[tuple[Email, ...], Field(strict=False, examples=["[jane@example.com]"])]


class Admin(Settings):
    """The tenant's internal admin, whose credentials the agent and the gateway use."""

    name: PersonName = Field(examples=["Acme Admin"])
    email: Email = Field(examples=["admin@example.com"])


class SignIn(Settings):
    """Who lands in this tenant at the first sign-in: by domain, or by address as an admin or a plain user."""

    domains: Domains = ()
    admins: Emails = ()
    users: Emails = ()


class Queue(Settings):
    """One queue of the agent; both mappings go to the chart as they are (contract, 4.2)."""

    queue_settings: Mapping[str, Any] = Field(default_factory=dict, examples=["{maxPods: 10}"])
    template_overrides: Mapping[str, Any] = Field(default_factory=dict, examples=["{labels: {team: research}}"])


# A new generation is a new key: the release gets it, and when that is ready the earlier one is revoked.
KeyGeneration = Annotated[int, Field(ge=1, le=9999, examples=["2"])]


class Agent(Settings):
    """The agent that runs the tenant's tasks; a higher `key_generation` rotates its key."""

    queues: Mapping[Text, Queue] = Field(min_length=1, examples=["{default: {}}"])
    create_queues: bool = Field(default=True, examples=["false"])
    key_generation: KeyGeneration = 1


class Gateway(Settings):
    """The tenant's application gateway: behind an ingress (`hostName`), or on a node port (`externalUrl`).

    A higher `key_generation` rotates its key.
    """

    host_name: Domain | None = Field(default=None, examples=["router.example.com"])
    external_url: Url | None = Field(default=None, examples=["http://10.0.0.7:30080"])
    key_generation: KeyGeneration = 1


class TenantFile(Settings):
    """All that a tenant's file says."""

    company: CompanyName = Field(examples=["Acme Inc."])
    protect: bool = Field(default=True, examples=["false"])
    # On purpose: a company of that name that has other users already, or the very one of this id.
    adopt: bool = Field(default=False, examples=["true"])
    company_id: CompanyId | None = Field(default=None, examples=["d1bd92a3b039400cbafc60a7a5b1e52b"])
    admin: Admin = Field(examples=["{name: Acme Admin, email: admin@example.com}"])
    # What the tenant may use beside the server's own features, and what it may not; its number of users.
    features: Features = ()
    exclude_features: Features = ()
    allowed_users: int | None = Field(default=None, ge=1, examples=["10"])
    sign_in: SignIn = Field(default=SignIn(), examples=["{domains: [example.com]}"])
    # A provider of the tenant's own; its client secret is the stack's `ssoClientSecrets.<tenant>`.
    sso: Sso | None = Field(default=None, examples=["{externalTenant: acme, clientId: clearml-acme, endpoints: {…}}"])
    agent: Agent | None = Field(default=None, examples=["{queues: {default: {}}}"])
    gateway: Gateway | None = Field(default=None, examples=["{hostName: router.example.com}"])


class Tenant(TenantFile):
    """A tenant; `name` is its file's name, its namespace, and the start of its releases' names."""

    name: str

    @property
    def namespace(self) -> str:
        return self.name

    @property
    def agent_release(self) -> str:
        return f"{self.name}-agent"

    @property
    def gateway_release(self) -> str:
        return f"{self.name}-gateway"
