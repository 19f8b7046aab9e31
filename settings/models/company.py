"""What a tenant's file may say of its company: its admin, who joins it, what runs in it (contract 2.1, 2.3, 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from settings.models.base import Settings
from settings.types.vocabulary import Domain, Email, PersonName, Text

Domains = Annotated[tuple[Domain, ...], Field(strict=False, examples=["[example.com]"])]
Emails = Annotated[tuple[Email, ...], Field(strict=False, examples=["[jane@example.com]"])]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
# The guide writes `group` for the whole server, and `groups` in the call for one company.
Audience = Literal["all", "owner", "groups"]


class Admin(Settings):
    """The tenant's internal admin, whose credentials agents and gateways use."""

    name: PersonName = Field(description="How the server shows the admin.", examples=["Acme Admin"])
    email: Email = Field(
        description="The admin's address, which no other user of the server may have.", examples=["admin@example.com"]
    )


class SignIn(Settings):
    """Who lands in this tenant at the first sign-in: by domain, or by address as an admin, a user or a consumer."""

    domains: Domains = Field(
        default=(),
        description="Everybody with an address in one of these becomes a user of this tenant at the first sign-in.",
    )
    admins: Emails = Field(
        default=(), description="People who become admins of this tenant at their first sign-in, whatever their domain."
    )
    users: Emails = Field(
        default=(), description="People who become users of this tenant at their first sign-in, whatever their domain."
    )
    consumers: Emails = Field(
        default=(),
        description="The same for people who only use what others offer; servers have this role from about 3.30 on.",
    )

    def by_role(self) -> tuple[tuple[str, str, tuple[Email, ...]], ...]:
        """Key, role on the server, and addresses, of each list of addresses."""
        return (
            ("admins", "admin", self.admins),
            ("users", "user", self.users),
            ("consumers", "consumer", self.consumers),
        )


class ServiceAccount(Settings):
    """A user for machines, whose keys agents and gateways have in place of the internal admin's.

    It is an admin of the company, as agents and gateways need it. `service_users` has to be among the features.
    """

    enabled: bool = Field(
        default=False,
        description="Whether agents and gateways have keys of a service account; else they are the internal admin's.",
        examples=["true"],
    )
    run_as_owner: bool = Field(
        default=False,
        description="Whether tasks may run as their owners, as an agent with `useOwnerToken` asks for.",
        examples=["true"],
    )

    @model_validator(mode="after")
    def _owners_need_an_account(self) -> ServiceAccount:
        if self.run_as_owner and not self.enabled:
            raise ValueError("has runAsOwner and no account; write enabled: true beside it, or remove it")
        return self


class Visibility(Settings):
    """Who sees the applications that people have started; what is left out is the server's own answer."""

    allowed: Audience | None = Field(
        default=None,
        description="Who sees them: everybody, who started each, or groups that who starts one chooses.",
        examples=["owner"],
    )
    admins_see_all: bool | None = Field(
        default=None, description="Whether the tenant's admins see all of them.", examples=["true"]
    )
    applications: Mapping[Text, Audience] = Field(
        default_factory=dict,
        description="Who sees those of one application, by its id.",
        examples=["{hpo_app: groups}"],
    )
    categories: Mapping[Text, Audience] = Field(
        default_factory=dict,
        description="Who sees those of one category of applications, by its name.",
        examples=["{'AI dev': owner}"],
    )


class CompanyApplications(Settings):
    """Which applications people of the tenant may start, how many, and who sees them."""

    max_running: int | None = Field(
        default=None,
        description="How many may run at a time; the server's default if left out.",
        ge=0,
        le=1_000_000,
        examples=["20"],
    )
    categories: Texts = Field(
        default=(), description="The categories that people may use; all if left out.", examples=["[general]"]
    )
    excluded_categories: Texts = Field(
        default=(), description="Categories that people may not use.", examples=["['AI dev']"]
    )
    ids: Texts = Field(
        default=(), description="The applications that people may use, by id; all if left out.", examples=["[hpo_app]"]
    )
    visibility: Visibility = Field(
        default=Visibility(), description="Who sees what people have started.", examples=["{allowed: owner}"]
    )

    @model_validator(mode="after")
    def _no_category_is_both(self) -> CompanyApplications:
        both = sorted(set(self.categories) & set(self.excluded_categories))
        if both:
            raise ValueError(f"has {both[0]!r} in categories and in excludedCategories; keep it in one of the two")
        return self
