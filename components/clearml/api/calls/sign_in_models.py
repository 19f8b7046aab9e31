"""What the API answers about who signs in to which company (contract 2.5)."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from pydantic import Field, field_validator

from components.clearml.api.models import ApiModel


class SettingsEntry(ApiModel):
    """A whitelist entry of `login.get_settings`; the role of a pending one is not shown here (contract 2.5)."""

    email: str
    status: str | None = None

    @property
    def accepted(self) -> bool:
        return self.status == "accepted"


class SignInSettings(ApiModel):
    """`login.get_settings`: the rules of the acted-as company; what it lacks is None, see `login_settings`."""

    domains: tuple[str, ...] | None = None
    whitelist_entries: tuple[SettingsEntry, ...] | None = None

    @field_validator("domains", "whitelist_entries", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return () if value is None else value


class RuleEmail(ApiModel):
    email: str


class Rule(ApiModel):
    """One of `login.get_whitelist`: what one company's users sign in with, a domain or e-mails.

    The reference's newest entry holds a list `emails`, its name (`…_v1_5`) tells of others: one `email` is read too.
    """

    company: str = Field(min_length=1)
    domain: str | None = None
    email: str | None = None
    emails: tuple[RuleEmail, ...] = ()
    role: str | None = None
    is_admin: bool | None = None

    @field_validator("emails", mode="before")
    @classmethod
    def _plain_addresses(cls, value: object) -> object:
        if not isinstance(value, list):
            return value or ()
        return [{"email": item} if isinstance(item, str) else item for item in value]

    @property
    def addresses(self) -> frozenset[str]:
        """The e-mails, in lower case."""
        alone = {self.email.casefold()} if self.email else set()
        return frozenset(alone | {entry.email.casefold() for entry in self.emails})

    @property
    def role_name(self) -> str | None:
        """`admin`, `user` or `consumer`; None if the server shows neither field."""
        if self.role is not None or self.is_admin is None:
            return self.role
        return "admin" if self.is_admin else "user"


class RulesIfAny(ApiModel):
    """`login.get_whitelist` without a filter, which the reference does not know: a server may leave the field out."""

    entries: tuple[Rule, ...] | None = None


class Rules(ApiModel):
    entries: tuple[Rule, ...]

    @cached_property
    def by_company(self) -> dict[str, tuple[Rule, ...]]:
        """The same by company; one without rules is not in it."""
        found: defaultdict[str, list[Rule]] = defaultdict(list)
        for rule in self.entries:
            found[rule.company].append(rule)
        return {company: tuple(rules) for company, rules in found.items()}


class Addition(ApiModel):
    """`login.add_whitelist_entries`: the really new ones."""

    added: tuple[str, ...] | None = None
