"""What the API answers about a company's settings beside its features and users (contract 2.1)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, field_validator

from components.clearml.api.models import NONE_IS_EMPTY, ApiModel, CompanySettings


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

    defaults: Annotated[CompanyLimits, NONE_IS_EMPTY] = CompanyLimits()


class StoredSettings(ApiModel):
    """`system.company_info`, its `defaults` by name: the schema does not say which settings are in them."""

    defaults: Annotated[dict[str, Any], NONE_IS_EMPTY] = Field(default_factory=dict)


class Audience(ApiModel):
    """Who sees the instances of one application or category: `all`, `owner` or `groups`."""

    allowed: str | None = None


class InstanceAccess(ApiModel):
    """`app_instance_access`; what was never set is None, or not in a mapping."""

    allowed: str | None = None
    admin_access_all: bool | None = None
    applications: Annotated[dict[str, Audience], NONE_IS_EMPTY] = Field(default_factory=dict)
    categories: Annotated[dict[str, Audience], NONE_IS_EMPTY] = Field(default_factory=dict)


class StoredAccess(ApiModel):
    """`system.get_company_app_instance_access`."""

    app_instance_access: Annotated[InstanceAccess, NONE_IS_EMPTY] = InstanceAccess()
