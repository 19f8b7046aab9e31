"""What the API answers about a company's settings beside its features and users (contract 2.1)."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, field_validator

from components.clearml.api.models import ApiModel, CompanySettings


class CompanyLimits(CompanySettings):
    """The `defaults` of `system.company_info` with the limits that `update_company_settings` takes.

    ASSUMPTION: they are shown as they were written. What a server does not show, or shows in another form, is None.
    """

    allowed_service_users: int | None = None
    max_running_apps: int | None = None
    supported_application_categories: tuple[str, ...] | None = None
    excluded_application_categories: tuple[str, ...] | None = None
    supported_application_ids: tuple[str, ...] | None = None

    @field_validator(
        "allowed_service_users",
        "max_running_apps",
        "supported_application_categories",
        "excluded_application_categories",
        "supported_application_ids",
        mode="wrap",
    )
    @classmethod
    def _of_another_form_is_not_shown(cls, value: object, read: ValidatorFunctionWrapHandler) -> object:
        try:
            return read(value)
        except ValidationError:
            return None


class StoredLimits(ApiModel):
    """`system.company_info`, as far as it tells limits."""

    defaults: CompanyLimits = CompanyLimits()

    @field_validator("defaults", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return {} if value is None else value


class StoredSettings(ApiModel):
    """`system.company_info`, its `defaults` by name: the schema does not say which settings are in them."""

    defaults: dict[str, Any] = Field(default_factory=dict)

    @field_validator("defaults", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return {} if value is None else value


class Allowed(ApiModel):
    """Who sees the instances of one application or category: `all`, `owner` or `groups`."""

    allowed: str | None = None


class InstanceAccess(ApiModel):
    """`app_instance_access`; what was never set is None, or not in a mapping."""

    allowed: str | None = None
    admin_access_all: bool | None = None
    applications: dict[str, Allowed] = Field(default_factory=dict)
    categories: dict[str, Allowed] = Field(default_factory=dict)

    @field_validator("applications", "categories", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return {} if value is None else value


class StoredAccess(ApiModel):
    """`system.get_company_app_instance_access`."""

    app_instance_access: InstanceAccess = InstanceAccess()

    @field_validator("app_instance_access", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return {} if value is None else value
