"""What the API answers about identity providers (contract 2.1, 2.7, 6.1); rules as in `models`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, field_validator

from components.clearml.api.calls.setting_models import CompanyLimits
from components.clearml.api.models import NONE_IS_EMPTY, ApiModel


class CompanySso(ApiModel):
    """What `system.update_company_sso_config` set; what a server does not show is None."""

    tenant: str | None = None
    group_mapping: dict[str, str | list[str]] | None = None
    admin_groups: tuple[str, ...] | None = None


class CompanyDefaults(ApiModel):
    """The `defaults` of `system.company_info`: the schema names `sso` there and not what is in it.

    ASSUMPTION: it is what was written; anything else counts as not shown.
    """

    sso: CompanySso = CompanySso()

    @field_validator("sso", mode="wrap")
    @classmethod
    def _of_another_form_is_not_shown(cls, value: object, read: ValidatorFunctionWrapHandler) -> object:
        try:
            return read(value)
        except ValidationError:
            return CompanySso()


class CompanyTie(ApiModel):
    """`system.company_info`, as far as it tells what the company is tied to."""

    defaults: Annotated[CompanyDefaults, NONE_IS_EMPTY] = CompanyDefaults()


class AllSettings(CompanyLimits, CompanyDefaults):
    """Both in one: limits and features, and what the company is tied to."""


class CompanyRecord(CompanyTie):
    """`system.company_info`, with all of its `defaults` that we use."""

    defaults: AllSettings = AllSettings()


class ProviderConfiguration(ApiModel):
    """One of `sso.get_provider_configurations`; never with what is secret in it."""

    id: str = Field(min_length=1)
    provider: str | None = None
    display_name: str | None = None
    active: bool | None = None
    last_update: str | None = None

    @field_validator("last_update", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return value if value is None else str(value)


class ProviderConfigurations(ApiModel):
    configurations: tuple[ProviderConfiguration, ...]
