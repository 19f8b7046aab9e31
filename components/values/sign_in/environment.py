"""All identity providers of the server: the apiserver's variables, and what the Secret holds that these name.

No secret stands among the variables: the kubernetes plugin hides a whole list for one (ADR 2).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import pulumi

from components.values.environment import EnvironmentVariable, rolled_by_identity_providers, variable
from components.values.hocon import quoted, quoted_secret
from components.values.sign_in.files import metadata_name, path_of, sign_in_files
from components.values.sign_in.ldap import ldap_environment
from components.values.sign_in.oauth import default_company, oauth_environment, person_environment
from settings.loading.secrets import Secrets
from settings.models.server.sign_in.providers import IdentityProviders
from settings.models.server.sign_in.saml import Saml


def sign_in_environment(providers: IdentityProviders, secrets: Secrets) -> Iterator[EnvironmentVariable]:
    """Nothing without providers; last what rolls the pods, which secrets and files do not restart (contract 4.4)."""
    for name, oauth in providers.by_oauth():
        yield from oauth_environment(name, oauth)
    for name, saml in providers.by_saml():
        yield from _saml_environment(name, saml)
    if providers.ldap:
        yield from ldap_environment(providers.ldap)
    texts = [*sign_in_texts(providers, secrets).values(), *sign_in_files(providers).values()]
    if texts:
        yield rolled_by_identity_providers((secrets.apiserver_key, secrets.apiserver_secret), texts)


def sign_in_texts(providers: IdentityProviders, secrets: Secrets) -> dict[str, pulumi.Input[str]]:
    """What the Secret holds, by provider: each secret as the server's parser takes it (contract 3.1)."""
    return {name: quoted_secret(secrets.identity_providers.get(name, "")) for name in providers.with_secret()}


def sign_in_data(providers: IdentityProviders, secrets: Secrets) -> dict[str, pulumi.Input[str]]:
    """The Secret's `data`, secret: base64, as it is read back, so that a refresh compares like with like."""
    texts = sign_in_texts(providers, secrets)
    return {name: pulumi.Output.secret(_encoded(text)) for name, text in texts.items()}


def _saml_environment(name: str, saml: Saml) -> Iterator[EnvironmentVariable]:
    secure, services = (f"CLEARML__{part}__login__sso__saml_client__{name}" for part in ("secure", "services"))
    yield variable(f"{secure}__entity_id", quoted(saml.entity_id))
    yield variable(f"{secure}__idp_metadata_file", quoted(saml.metadata_file or path_of(metadata_name(name))))
    yield from default_company(secure, saml.default_company)
    yield from person_environment(services, saml)


def _encoded(text: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.from_input(text).apply(lambda known: b64encode(known.encode()).decode())
