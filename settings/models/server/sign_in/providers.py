"""All identity providers of the server, each under the id that the server has for it (contract 3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from pydantic import Field

from settings.models.base import Settings
from settings.models.server.sign_in.ldap import Ldap
from settings.models.server.sign_in.oauth import OAuth
from settings.models.server.sign_in.saml import Saml

_CLIENT = "clientId: 0oa8m2onb7CAohGdW5d8"
_ENDPOINTS = "authorizeUrl: 'https://idp.example.com/authorize', accessTokenUrl: 'https://idp.example.com/token'"
_WITH_ENDPOINTS = f"{{{_CLIENT}, {_ENDPOINTS}}}"
_WITH_BASE = f"{{{_CLIENT}, baseUrl: 'https://idp.example.com/', {_ENDPOINTS}}}"
_SAML = "{entityId: clearml, metadataFile: /opt/clearml/config/default/metadata.xml}"
_LDAP = "{server: 'ldaps://ldap.example.com', baseDn: 'dc=example,dc=com', bindDn: 'cn=clearml,dc=example,dc=com'}"


class IdentityProviders(Settings):
    """With these everybody may sign in; the sign-in rules say which tenant they join. The provider has to know
    ClearML's callback URL, `https://app.<baseDomain>/callback_<key>`. One that is not here goes into
    `server.apiserver.extraEnvs`.
    """

    # The server's own ids, in its spelling and not in camelCase.
    auth0: OAuth | None = Field(default=None, description="Auth0.", examples=[_WITH_BASE])
    cognito: OAuth | None = Field(default=None, description="Amazon Cognito.", examples=[_WITH_ENDPOINTS])
    google: OAuth | None = Field(default=None, description="Google.", examples=[f"{{{_CLIENT}}}"])
    keycloak: OAuth | None = Field(default=None, description="Keycloak.", examples=[_WITH_BASE])
    okta: OAuth | None = Field(default=None, description="Okta.", examples=[_WITH_BASE])
    ping: OAuth | None = Field(default=None, description="Ping Identity.", examples=[_WITH_ENDPOINTS])
    azure_ad: OAuth | None = Field(
        default=None, alias="azure_ad", description="Azure AD, by OAuth.", examples=[_WITH_ENDPOINTS]
    )
    ad_oauth: OAuth | None = Field(
        default=None, alias="ad_oauth", description="Microsoft AD, by OAuth.", examples=[_WITH_ENDPOINTS]
    )
    duo: Saml | None = Field(default=None, description="Duo, by SAML.", examples=[_SAML])
    google_saml: Saml | None = Field(
        default=None, alias="google_saml", description="Google, by SAML.", examples=[_SAML]
    )
    jumpcloudsaml: Saml | None = Field(default=None, description="JumpCloud, by SAML.", examples=[_SAML])
    microsoft_ad: Saml | None = Field(
        default=None, alias="microsoft_ad", description="Microsoft AD and Azure AD, by SAML.", examples=[_SAML]
    )
    ldap: Ldap | None = Field(default=None, description="A directory of your own.", examples=[_LDAP])

    def items(self) -> Iterator[tuple[str, OAuth | Saml | Ldap]]:
        """Id and settings of those that there are, in a settled order."""
        for name in type(self).model_fields:
            provider = getattr(self, name)
            if provider is not None:
                yield name, provider

    def by_oauth(self) -> Iterator[tuple[str, OAuth]]:
        yield from ((name, each) for name, each in self.items() if isinstance(each, OAuth))

    def by_saml(self) -> Iterator[tuple[str, Saml]]:
        yield from ((name, each) for name, each in self.items() if isinstance(each, Saml))

    def with_secret(self) -> tuple[str, ...]:
        """The ids of those whose secret stands in the stack's `identityProviderSecrets`."""
        return tuple(name for name, each in self.items() if not isinstance(each, Saml))

    def callback_urls(self, app_url: str) -> dict[str, str]:
        """What each provider has to send people back to; LDAP sends nobody anywhere."""
        return {name: f"{app_url}/callback_{name}" for name, each in self.items() if not isinstance(each, Ldap)}


OAUTH_IDS = tuple(name for name, field in IdentityProviders.model_fields.items() if OAuth in get_args(field.annotation))
"""The ids of those that speak OAuth."""
