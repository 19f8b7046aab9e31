"""Identity providers that speak OAuth or OpenID Connect (contract 3.2)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from settings.models.server.sign_in.parts import GroupedProvider, NeverHere
from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds
from settings.types.urls import EndpointUrl, ProviderUrl
from settings.types.vocabulary import Text

_HOST = "https://idp.example.com/oauth2/default"


def _admin_role(text: str) -> str:
    if text != text.strip() or not (text.isprintable() or text == ""):
        raise ValueError(f"{quoted(text)} is not a role's name; write it like clearml-admin, or '' for none")
    return text


class OAuth(GroupedProvider):
    """A provider that speaks OAuth or OpenID Connect; docs/sign-in.md says which keys each one needs."""

    client_id: Text = Field(
        description="The id of the client that the provider has for ClearML.", examples=["0oa8m2onb7CAohGdW5d8"]
    )
    client_secret: NeverHere = Field(
        default=None, description="Never here; it is the stack's `identityProviderSecrets.<provider>`."
    )
    base_url: ProviderUrl | None = Field(
        default=None,
        description="What the provider's addresses begin with; Okta, Keycloak and Auth0 need it.",
        examples=[f"{_HOST}/"],
    )
    authorize_url: EndpointUrl | None = Field(
        default=None,
        description="Where people sign in; all but Google need it.",
        examples=[f"{_HOST}/v1/authorize"],
    )
    access_token_url: EndpointUrl | None = Field(
        default=None,
        description="Where the server gets tokens; all but Google need it.",
        examples=[f"{_HOST}/v1/token"],
    )
    display_name: Text | None = Field(
        default=None, description="How the provider is called where people sign in.", examples=["Example Staff"]
    )
    audience: Text | None = Field(
        default=None,
        description="Of Auth0: the audience that tokens are asked for.",
        examples=["https://example.eu.auth0.com/userinfo"],
    )
    identity_provider: Text | None = Field(
        default=None,
        description="Of Amazon Cognito: the provider behind the user pool, as the pool calls it.",
        examples=["example-saml"],
    )
    code_challenge_method: Literal["S256"] | None = Field(
        default=None, description="Of Ping: the method, where the provider's client asks for PKCE.", examples=["S256"]
    )
    debug: bool = Field(
        default=False,
        description="Of Ping: whether the server's log tells what the provider answers at a sign-in.",
        examples=["true"],
    )
    idp_logout: bool = Field(
        default=False,
        description="Of Keycloak: whether whoever signs out of ClearML signs out there too.",
        examples=["true"],
    )
    admin_role: Annotated[str, Holds("a role's name, or an empty text"), AfterValidator(_admin_role)] | None = Field(
        default=None,
        description="Of Keycloak: the role there that makes admins; an empty text leaves roles to ClearML.",
        examples=["clearml-admin"],
    )
    info_from_access_token: bool = Field(
        default=True,
        description="Of Keycloak: whether the access token says who a person is, and not `userinfo`.",
        examples=["false"],
    )
