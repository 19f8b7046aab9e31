"""What the API answers about a company's settings beside its features (contract 2.1)."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from components.clearml.api.models import ApiModel


class StoredSettings(ApiModel):
    """`system.company_info`, its `defaults` by name: the schema does not say which settings are in them."""

    defaults: dict[str, Any] = Field(default_factory=dict)

    @field_validator("defaults", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return {} if value is None else value
