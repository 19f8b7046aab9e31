"""What a tenant's file may say of its company beside who is in it (contract 2.1, 2.3)."""

from __future__ import annotations

from pydantic import Field, model_validator

from settings.models.base import Settings


class ServiceAccount(Settings):
    """A user for machines, whose keys agents and gateway have in place of the internal admin's.

    It is an admin of the company, as agents and gateways need it. `service_users` has to be among the features.
    """

    enabled: bool = Field(
        default=False,
        description="Whether agents and gateway have keys of a service account; else they are the internal admin's.",
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
