"""What `clearml-tenants:stack.server` may say of the Server release."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from settings.models.base import Settings
from settings.models.extra import ExtraValues
from settings.models.server_parts import Applications, Fileserver, Mongodb, PartWithVariables, Redis
from settings.types.vocabulary import CompanyId, Email, Namespace, ReleaseName, Text, Version

# The server's own, and how it is called (contract 3).
DEFAULT_COMPANY = "d1bd92a3b039400cbafc60a7a5b1e52b"
DEFAULT_COMPANY_NAME = "clearml"


class Supervisor(Settings):
    """The user who sees every tenant's resources; its key and secret are the stack's secrets, needed while it is on.

    Newer servers have the Platform Management Center instead (contract 3): `enabled: false` leaves the user out.
    """

    enabled: bool = Field(default=True, examples=["false"])
    email: Email | None = Field(default=None, examples=["supervisor@example.com"])
    company: CompanyId = DEFAULT_COMPANY
    groups: Annotated[tuple[Text, ...], Field(strict=False, examples=["[users, admins, queue_admins]"])] = (
        "users",
        "admins",
        "queue_admins",
    )

    @model_validator(mode="after")
    def _has_email(self) -> Supervisor:
        if self.enabled and self.email is None:
            raise ValueError("needs an email; write it like email: supervisor@example.com, or enabled: false beside it")
        return self


class Server(Settings):
    """The Server release and what it is told about itself.

    `cookie_name` is the sign-in cookie; the server is told to set it, and gateways to look for it. `protect`: neither
    the release nor its namespace, where all tenants' data may be, is removed or made anew by an edit or a `destroy`.
    `version` is the apiserver's. Left out, the chart's version tells it (`settings/features/server_version.py`);
    write it where the chart is a folder, or newer than what is known there, so that checks know what there is.
    `multi_tenant_login`: people sign in at `<app>/login/<external tenant>`, each tenant with a provider of its own, and
    with no other (contract 6.1). `key_lifetime_seconds`: the longest life that people may choose for their keys; 0 sets
    no limit (contract 6.5). Keys of agents and gateways are made to live for ever all the same, and a run stops if the
    server gives them an end.
    `extra_values` is the way out for all that is not modelled here.
    """

    protect: bool = Field(default=True, examples=["false"])
    namespace: Namespace = "clearml"
    release: ReleaseName = "clearml-enterprise"
    version: Version | None = Field(default=None, examples=["'3.26.8'"])
    cookie_name: Text = Field(examples=["clearml_token_basic"])
    queue_mode: Literal["global", "per_tenant"] = "global"
    unique_names: bool = Field(default=True, examples=["true"])
    multi_tenant_login: bool = Field(default=False, examples=["true"])
    key_lifetime_seconds: int | None = Field(default=None, ge=0, examples=["7776000"])
    supervisor: Supervisor = Field(examples=["{email: supervisor@example.com}"])
    apiserver: PartWithVariables = Field(default=PartWithVariables(), examples=["{host: api.example.com}"])
    webserver: PartWithVariables = Field(default=PartWithVariables(), examples=["{host: app.example.com}"])
    fileserver: Fileserver = Field(default=Fileserver(), examples=["{enabled: false}"])
    applications: Applications = Field(default=Applications(), examples=["{enabled: false}"])
    mongodb: Mongodb = Field(default=Mongodb(), examples=["{enabled: true, mckMigrated: false}"])
    redis: Redis | None = Field(default=None, examples=["{host: redis.example.com}"])
    extra_values: ExtraValues = Field(default_factory=dict)
