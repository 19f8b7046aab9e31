"""What the API answers, as far as we use it. Unknown fields are ignored, a missing one is named in the error.

Sources are contract 2 and the published enterprise reference, which it sums up.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

# For a mapping for which a server may answer null, and means none.
NONE_IS_EMPTY = BeforeValidator(lambda value: {} if value is None else value)


class ApiModel(BaseModel):
    """The `data` of an answer, frozen; validation errors never show its values."""

    # What validates an answer is made when one comes; the program declares, and gets none.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)


class Empty(ApiModel):
    """Nothing of the answer matters."""


class IdResponse(ApiModel):
    """`system.create_company`, `auth.create_user`."""

    id: str = Field(min_length=1)


class CompanyInfo(ApiModel):
    """One of `system.get_companies` (contract 2.1)."""

    id: str = Field(min_length=1)
    name: str
    active: bool | None = None
    # The reference names the request's `custom_data.users` ("company users count is returned") and not the answer's
    # field. ASSUMPTION: it comes back under the same name, on the company or in its `custom_data`.
    users: int | None = None
    custom_data: dict[str, Any] | None = None

    @property
    def user_count(self) -> int | None:
        """How many users the company has, if the server told."""
        inner = (self.custom_data or {}).get("users")
        return self.users if self.users is not None else inner if isinstance(inner, int) else None


class Companies(ApiModel):
    companies: tuple[CompanyInfo, ...]


class CompanySettings(ApiModel):
    """The `defaults` of `system.company_info`; what a server does not show is None."""

    features: tuple[str, ...] | None = None
    exclude_features: tuple[str, ...] | None = None
    allowed_users: int | None = None


class Endpoints(ApiModel):
    """`server.endpoints` (contract 1.7): by name, or a list of entries that have one."""

    endpoints: dict[str, Any]

    @field_validator("endpoints", mode="before")
    @classmethod
    def _by_name(cls, value: object) -> object:
        if not isinstance(value, list):
            return value
        return {str(each.get("name")) if isinstance(each, dict) else str(each): each for each in value}

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.endpoints)


class Token(ApiModel):
    """`auth.login`; as good as the user's key while it lasts."""

    token: str = Field(min_length=1, repr=False)


class CompanyRef(ApiModel):
    id: str = Field(min_length=1)
    name: str | None = None


class CurrentIdentity(ApiModel):
    """The user of `users.get_current_user`: the identity in effect (contract 1.7)."""

    id: str
    name: str
    role: str
    company: CompanyRef


class CurrentUser(ApiModel):
    """`users.get_current_user` asked for features: those the user has in the end, through server, tenant and groups."""

    user: CurrentIdentity
    supported_features: tuple[str, ...] | None = None


class UserInfo(ApiModel):
    """One of `auth.get_users_info` (contract 2.3) or `users.get_all` (contract 2.4)."""

    id: str = Field(min_length=1)
    email: str | None = None
    name: str | None = None
    role: str | None = None


class UsersInfo(ApiModel):
    # ASSUMPTION of the sheet: the map's key may be the id or the e-mail, so only the values are used.
    users: dict[str, UserInfo] = Field(default_factory=dict)


class UserList(ApiModel):
    users: tuple[UserInfo, ...]


class NewKey(ApiModel):
    """The pair of `auth.create_credentials`; the only time the secret is shown."""

    access_key: str = Field(min_length=1)
    secret_key: str = Field(min_length=1, repr=False)
    label: str | None = None
    expire: object = None


class NewKeys(ApiModel):
    credentials: NewKey


class KeyInfo(ApiModel):
    """One of `auth.get_credentials`; times as the server writes them, for people, whatever their shape."""

    access_key: str = Field(min_length=1)
    label: str | None = None
    last_used: object = None
    expire: object = None


class KeyList(ApiModel):
    credentials: tuple[KeyInfo, ...]


class KeyOwner(ApiModel):
    """`auth.locate_credentials`: the user's id and name, and what is told of the key."""

    user: str = Field(min_length=1)
    name: str | None = None
    label: str | None = None
    last_used: object = None


class Revocation(ApiModel):
    revoked: int | None = None
