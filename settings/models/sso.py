"""A tenant's own sign-in through an identity provider (contract 6.1); its client secret is one of the stack's secrets.

The server has to be told that tenants sign in this way: that is a setting of the stack, not of a tenant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from settings.models.base import Settings
from settings.models.encryption import NO_VALUE, NOTHING, set_elsewhere
from settings.types.texts import Holds
from settings.types.urls import EndpointUrl
from settings.types.vocabulary import ExternalTenant, Text

_REALM = "https://idp.example.com/realms/acme/protocol/openid-connect"


def _one_or_several(value: object) -> object:
    """A text alone is a list of one."""
    return (value,) if isinstance(value, str) else value


GroupNames = Annotated[
    tuple[Text, ...],
    Holds("a name, or a list of names"),
    BeforeValidator(_one_or_several),
    Field(strict=False, min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
NeverHere = Annotated[None, NOTHING, set_elsewhere("ssoClientSecrets"), NO_VALUE]


class Endpoints(Settings):
    """Where the identity provider answers; with `endSession`, who signs out of ClearML signs out there too."""

    authorization: EndpointUrl = Field(description="Where people sign in.", examples=[f"{_REALM}/auth"])
    token: EndpointUrl = Field(description="Where the server gets tokens.", examples=[f"{_REALM}/token"])
    revocation: EndpointUrl | None = Field(
        default=None, description="Where tokens are revoked.", examples=[f"{_REALM}/revoke"]
    )
    end_session: EndpointUrl | None = Field(
        default=None,
        description="Where people sign out; with it, whoever signs out of ClearML signs out there too.",
        examples=[f"{_REALM}/logout"],
    )


class Claims(Settings):
    """What the provider's tokens call the external tenant (not needed from server 3.25 on), the name and the groups."""

    tenant: Text | None = Field(
        default=None,
        description="The claim that holds the external tenant; not needed from server 3.25 on.",
        examples=["tenant_id"],
    )
    name: Text = Field(default="name", description="The claim that holds the person's name.", examples=["name"])
    groups: Text | None = Field(
        default=None,
        description="The claim that holds the person's groups; needed for `groupMapping` and `adminGroups`.",
        examples=["groups"],
    )


class Sso(Settings):
    """`externalTenant` is the provider's own id of the tenant: one company each, and the end of the login link.

    With `claims.groups`, `groupMapping` is from the provider's groups to ClearML's, members of `adminGroups` are
    admins, and who is in none of the groups cannot sign in unless `onlyGroupMembers` is off.
    """

    external_tenant: ExternalTenant = Field(
        description="The provider's own id of the tenant, of which each company has one; the login link ends with it.",
        examples=["acme"],
    )
    client_id: Text = Field(
        description="The id of the client that the provider has for ClearML.", examples=["clearml-acme"]
    )
    endpoints: Endpoints = Field(
        description="Where the provider answers.",
        examples=[f"{{authorization: '{_REALM}/auth', token: '{_REALM}/token'}}"],
    )
    provider: Text = Field(
        default="keycloak", description="The kind of provider, as the server names it.", examples=["keycloak"]
    )
    display_name: Text | None = Field(
        default=None, description="How the provider is called where people sign in.", examples=["Acme"]
    )
    claims: Claims = Field(
        default=Claims(),
        description="What the provider's tokens call things.",
        examples=["{tenant: tenant_id, groups: groups}"],
    )
    group_mapping: Mapping[Text, GroupNames] = Field(
        default_factory=dict,
        description="From the provider's groups to ClearML's, one or, from server 3.24 on, several.",
        examples=["{researchers: users}", "{researchers: [users, Data Scientists]}"],
    )
    admin_groups: Annotated[tuple[Text, ...], Field(strict=False, examples=["[platform-admins]"])] = Field(
        default=(), description="The provider's groups whose members are admins."
    )
    only_group_members: bool = Field(
        default=True, description="Whether people who are in none of these groups cannot sign in.", examples=["false"]
    )
    client_secret: NeverHere = Field(
        default=None, description="Never in this file; it is the stack's `ssoClientSecrets.<tenant>`."
    )
