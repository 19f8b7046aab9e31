"""Files of identity providers for the apiserver: the chart's value `apiserver.additionalConfigs` (contract 3.2)."""

from __future__ import annotations

from settings.models.server.sign_in.ldap import Ldap
from settings.models.server.sign_in.providers import IdentityProviders

_FOLDER = "/opt/clearml/config/default"
AUTHORITY = "ldap-authority.pem"


def metadata_name(provider: str) -> str:
    """Of the file with a SAML provider's metadata."""
    return f"{provider}-metadata.xml"


def path_of(name: str) -> str:
    """Where the file of that name is in the container."""
    return f"{_FOLDER}/{name}"


def sign_in_files(providers: IdentityProviders) -> dict[str, str]:
    """Name and content of each."""
    found = {metadata_name(name): saml.metadata for name, saml in providers.by_saml() if saml.metadata}
    ldap: Ldap | None = providers.ldap
    return {**found, **({AUTHORITY: ldap.tls.authority} if ldap and ldap.tls.authority else {})}
