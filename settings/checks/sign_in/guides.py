"""What the guides say of each identity provider of the server: which keys it needs, and which only others know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.server.sign_in.oauth import OAuth
from settings.models.server.sign_in.saml import Saml
from settings.types.shape import keys_of

_ENDPOINTS = ("authorizeUrl", "accessTokenUrl")
NEEDED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("okta", "keycloak", "auth0"), ("baseUrl", *_ENDPOINTS)),
    **dict.fromkeys(("azure_ad", "ad_oauth", "cognito", "ping"), _ENDPOINTS),
}
# Of these keys, those of whose providers a guide names them. ASSUMPTION (contract 3.2): the server takes them of the
# others, too.
_NAMED: Mapping[str, tuple[str, ...]] = {
    "audience": ("auth0",),
    "identityProvider": ("cognito",),
    "displayName": ("cognito",),
    **dict.fromkeys(("codeChallengeMethod", "debug"), ("ping",)),
    "claims": ("keycloak", "microsoft_ad"),
    "groups": ("keycloak", "ping", "microsoft_ad"),
    **dict.fromkeys(("idpLogout", "adminRole", "infoFromAccessToken"), ("keycloak",)),
}
# The guides write a `/` at the end of their base, and it is what both of their endpoints begin with.
_BEGIN_ALIKE = ("okta", "keycloak")


@check("identity providers of the server have what their guides ask for")
def check_guides(facts: Facts) -> Iterator[Finding]:
    """An error for a key that is missing, a warning for those that no guide names of this provider."""
    if facts.settings is None:
        return
    for name, provider in facts.settings.server.identity_providers.items():
        if isinstance(provider, OAuth):
            yield from _missing(name, provider)
            yield from _base(name, provider)
        if isinstance(provider, OAuth | Saml):
            yield from _unnamed(name, provider)


def _missing(name: str, provider: OAuth) -> Iterator[Finding]:
    written, fields = _written(provider), keys_of(OAuth)
    for key in NEEDED.get(name, ()):
        if key not in written:
            text = f"is missing; write it like {key}: {(fields[key].examples or [''])[0]}"
            yield Finding(setting("", f"server.identityProviders.{name}.{key}"), text)


def _base(name: str, provider: OAuth) -> Iterator[Finding]:
    """ASSUMPTION (contract 3.2): the server joins its addresses to the base as browsers do, without what follows the
    last `/`."""
    base = provider.base_url
    if name not in _BEGIN_ALIKE or not base:
        return
    at = setting("", f"server.identityProviders.{name}.baseUrl")
    if not base.endswith("/"):
        yield Finding(at, f"ends without the / that ClearML's guide writes there; write it like {base}/", WARNING)
    endpoints = {"authorizeUrl": provider.authorize_url, "accessTokenUrl": provider.access_token_url}
    other = [key for key, url in endpoints.items() if url and not url.startswith(f"{base.rstrip('/')}/")]
    if other:
        text = (
            f"is not what {' and '.join(other)} begin{'s' if len(other) == 1 else ''} with, as ClearML's guide has it"
        )
        yield Finding(at, f"{text}; look at a sign-in whether the server gets on with it", WARNING)


def _unnamed(name: str, provider: OAuth | Saml) -> Iterator[Finding]:
    found = [key for key in _NAMED if key in _written(provider) and name not in _NAMED[key]]
    if found:
        text = (
            f"no guide of ClearML's says {', '.join(found)} of this provider; look at a sign-in whether the server "
            "takes it"
        )
        yield Finding(setting("", f"server.identityProviders.{name}"), text, WARNING)


def _written(provider: OAuth | Saml) -> set[str]:
    """The keys that say something."""
    return set(provider.model_dump(by_alias=True, exclude_defaults=True))
