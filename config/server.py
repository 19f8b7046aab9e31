"""What `clearml-tenants:stack.server` may say of the Server release."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.extra import ExtraValues, ExtraVariables
from config.model import Settings
from config.vocabulary import CompanyId, Email, Namespace, ReleaseName, Text, Version

DEFAULT_COMPANY = "d1bd92a3b039400cbafc60a7a5b1e52b"


class Supervisor(Settings):
    """The user who sees every tenant's resources; its key and secret are the stack's secrets."""

    email: Email = Field(examples=["supervisor@example.com"])
    company: CompanyId = DEFAULT_COMPANY
    groups: Annotated[tuple[Text, ...], Field(strict=False, examples=["[users, admins, queue_admins]"])] = (
        "users",
        "admins",
        "queue_admins",
    )


class Part(Settings):
    """A component of the server whose environment the chart lets one add to."""

    extra_envs: ExtraVariables = ()


class Server(Settings):
    """The Server release and what it is told about itself.

    `cookie_name` is the sign-in cookie that the server sets; gateways look for it and must be told the same name.
    `version` is the apiserver's, which the chart's does not tell: where it is given, checks know what there is.
    """

    namespace: Namespace = "clearml"
    release: ReleaseName = "clearml-enterprise"
    version: Version | None = Field(default=None, examples=["'3.26.8'"])
    cookie_name: Text = Field(examples=["clearml_token_basic"])
    queue_mode: Literal["global", "per_tenant"] = "global"
    unique_names: bool = Field(default=True, examples=["true"])
    supervisor: Supervisor = Field(examples=["{email: supervisor@example.com}"])
    apiserver: Part = Part()
    webserver: Part = Part()
    extra_values: ExtraValues = Field(default_factory=dict)
