"""What the API answers about service accounts (contract 2.3, 2.4)."""

from __future__ import annotations

from pydantic import Field

from components.clearml.api.models import ApiModel, NewKey


class ServiceUser(ApiModel):
    """One of `users.get_service_users`."""

    id: str = Field(min_length=1)
    name: str
    role: str | None = None
    allow_running_as_owner: bool | None = None


class ServiceUsers(ApiModel):
    """`users.get_service_users`."""

    users: tuple[ServiceUser, ...] = ()


class NewServiceUser(ApiModel):
    """`auth.create_service_user`: the account, and a first key that nobody here needs."""

    id: str = Field(min_length=1)
    credentials: NewKey | None = None
