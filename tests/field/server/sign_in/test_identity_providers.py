"""Issue 16.14: server-wide sign-in as settings. The page's examples become what the public guides list, and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml
from pyhocon import ConfigFactory

from components.values.server import server_values
from settings.models.stack import StackSettings
from tests.field.server.sign_in.provider_files import loaded, stack_file
from tests.unit.apiserver import environment
from tests.unit.document import SECRETS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "sign-in.md"
GIVEN = {"okta": 'a"b#$ {é', "azure_ad": "azure-secret", "keycloak": "kc", "ldap": "pa$$w0rd, with: all"}
_LDAP = "apiserver.auth.fixed_user_providers.ldap"
_AZURE = "https://login.microsoftonline.com/66666666-7777-4888-9999-000000000000/oauth2/v2.0"
_KEYCLOAK = "https://sso.example.com/realms/staff/"
# Of each example, all that the server is told beside what it is told without one.
TOLD: dict[str, dict[str, Any]] = {
    "okta": {
        "secure.login.sso.oauth_client.okta.client_id": "0oa8m2onb7CAohGdW5d8",
        "secure.login.sso.oauth_client.okta.client_secret": GIVEN["okta"],
        "services.login.sso.oauth_client.okta.base_url": "https://example.okta.com/oauth2/default/",
        "services.login.sso.oauth_client.okta.authorize_url": "https://example.okta.com/oauth2/default/v1/authorize",
        "services.login.sso.oauth_client.okta.access_token_url": "https://example.okta.com/oauth2/default/v1/token",
    },
    "azure_ad": {
        "secure.login.sso.oauth_client.azure_ad.client_id": "11111111-2222-4333-8444-555555555555",
        "secure.login.sso.oauth_client.azure_ad.client_secret": GIVEN["azure_ad"],
        "services.login.sso.oauth_client.azure_ad.authorize_url": f"{_AZURE}/authorize",
        "services.login.sso.oauth_client.azure_ad.access_token_url": f"{_AZURE}/token",
    },
    "keycloak": {
        "secure.login.sso.oauth_client.keycloak.client_id": "clearml",
        "secure.login.sso.oauth_client.keycloak.client_secret": GIVEN["keycloak"],
        "services.login.sso.oauth_client.keycloak.base_url": _KEYCLOAK,
        "services.login.sso.oauth_client.keycloak.authorize_url": f"{_KEYCLOAK}protocol/openid-connect/auth",
        "services.login.sso.oauth_client.keycloak.access_token_url": f"{_KEYCLOAK}protocol/openid-connect/token",
        "services.login.sso.oauth_client.keycloak.idp_logout": True,
        "services.login.sso.oauth_client.keycloak.claims.name": "preferred_username",
        "services.login.sso.oauth_client.keycloak.groups.enabled": True,
        "services.login.sso.oauth_client.keycloak.groups.claim": "groups",
        "services.login.sso.oauth_client.keycloak.groups.admins": ["platform-admins"],
        "services.login.sso.oauth_client.keycloak.groups.prohibit_user_signup_if_not_in_group": True,
    },
    "microsoft_ad": {
        "secure.login.sso.saml_client.microsoft_ad.entity_id": "clearml",
        "secure.login.sso.saml_client.microsoft_ad.idp_metadata_file": (
            "/opt/clearml/config/default/microsoft_ad-metadata.xml"
        ),
        "services.login.sso.saml_client.microsoft_ad.claims.object_id": (
            "http://schemas.microsoft.com/identity/claims/objectidentifier"
        ),
        "services.login.sso.saml_client.microsoft_ad.claims.name": (
            "http://schemas.microsoft.com/identity/claims/displayname"
        ),
        "services.login.sso.saml_client.microsoft_ad.claims.email": "emailAddress",
        "services.login.sso.saml_client.microsoft_ad.groups.enabled": True,
        "services.login.sso.saml_client.microsoft_ad.groups.admins": ["ClearML Admins"],
        "services.login.sso.saml_client.microsoft_ad.groups.case_sensitive": False,
    },
    "ldap": {
        "apiserver.auth.fixed_users.enabled": True,
        "apiserver.auth.fixed_users.provider": "ldap",
        f"{_LDAP}.server": "ldaps://dc1.corp.example.com",
        f"{_LDAP}.base_dn": "dc=corp,dc=example,dc=com",
        "secure.fixed_user_providers.ldap.dn": "cn=clearml,ou=services,dc=corp,dc=example,dc=com",
        "secure.fixed_user_providers.ldap.password": GIVEN["ldap"],
        f"{_LDAP}.search_filter": "(&(objectclass=user)(sAMAccountName={0}))",
        f"{_LDAP}.attributes.name": "displayName",
        f"{_LDAP}.attributes.mail": "mail",
        f"{_LDAP}.groups.enabled": True,
        f"{_LDAP}.groups.admins": ["ml-admins"],
        f"{_LDAP}.groups.prohibit_user_login_if_not_in_group": True,
    },
}
EXAMPLES = {
    name: provider
    for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for name, provider in yaml.safe_load(block)["server"]["identityProviders"].items()
}


def _told(stack: StackSettings) -> dict[str, Any]:
    """What the server reads from the apiserver's container, by path."""
    secrets = replace(SECRETS, identity_providers=GIVEN)
    lines = [
        f"{name.removeprefix('CLEARML__').lower().replace('__', '.')}: {value}"
        for name, value in environment(server_values(stack, secrets), secrets).items()
    ]
    return dict(_leaves(ConfigFactory.parse_string("\n".join(lines)).as_plain_ordered_dict(), ""))


def _leaves(tree: Any, path: str) -> Any:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, f"{path}.{key}".lstrip("."))
    else:
        yield path, list(tree) if isinstance(tree, list) else tree


def _flow(provider: object) -> str:
    return yaml.safe_dump(provider, default_flow_style=True, width=100_000).strip()


def test_the_page_has_an_example_of_each_kind() -> None:
    assert list(EXAMPLES) == list(TOLD)


@pytest.mark.parametrize("name", list(TOLD))
def test_an_example_of_the_page_is_told_to_the_server_as_the_guides_list_it(tmp_path: Path, name: str) -> None:
    secrets = [] if name == "microsoft_ad" else [name]
    found = loaded(tmp_path / "with", stack_file(_flow({name: EXAMPLES[name]}), *secrets))
    without = _told(loaded(tmp_path / "without", stack_file("{}")).stack)
    told = _told(found.stack)
    assert {path: value for path, value in told.items() if path not in without} == TOLD[name]
    assert {path: value for path, value in told.items() if path in without} == without
    assert found.warnings == ()


def test_the_metadata_of_saml_is_a_file_of_the_apiserver(tmp_path: Path) -> None:
    stack = loaded(tmp_path, stack_file(_flow({"microsoft_ad": EXAMPLES["microsoft_ad"]}))).stack
    files = server_values(stack, SECRETS)["apiserver"]["additionalConfigs"]
    assert files == {"microsoft_ad-metadata.xml": EXAMPLES["microsoft_ad"]["metadata"]}


def test_metadata_as_providers_offer_it_is_neither_a_secret_nor_a_placeholder(tmp_path: Path) -> None:
    """Long, with certificates and elements without attributes."""
    lines = "\n".join(trustme.CA().cert_pem.bytes().decode().splitlines()[1:-1])
    data = f"<X509Data><X509Certificate>{lines}</X509Certificate></X509Data>"
    key = f"<KeyDescriptor use='signing'><KeyInfo>{data}</KeyInfo>"
    metadata = (
        "<?xml version='1.0' encoding='UTF-8'?>\n<!-- made by the provider -->\n"
        "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='https://idp.example/a?idpid=C0'>\n"
        f"<IDPSSODescriptor protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'>\n{key}</KeyDescriptor>\n"
        "<NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat>\n"
        "<SingleSignOnService Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect' "
        "Location='https://idp.example/sso?idpid=C0'/>\n</IDPSSODescriptor>\n</EntityDescriptor>\n"
    )
    found = loaded(tmp_path, stack_file(_flow({"google_saml": {"entityId": "clearml", "metadata": metadata}})))
    assert (found.warnings, found.placeholders) == ((), ())
    assert server_values(found.stack, SECRETS)["apiserver"]["additionalConfigs"] == {
        "google_saml-metadata.xml": metadata
    }


def test_files_of_the_operators_own_stay_beside_it(tmp_path: Path) -> None:
    own = "      extraValues: {apiserver: {additionalConfigs: {apiserver.conf: 'auth {}'}}}\n"
    stack = loaded(tmp_path, stack_file(_flow({"microsoft_ad": EXAMPLES["microsoft_ad"]}), server=own)).stack
    files = server_values(stack, SECRETS)["apiserver"]["additionalConfigs"]
    assert set(files) == {"apiserver.conf", "microsoft_ad-metadata.xml"}


def test_nothing_secret_is_among_the_values_and_another_secret_restarts_the_apiserver(tmp_path: Path) -> None:
    stack = loaded(tmp_path, stack_file("{google: {clientId: a}}", "google")).stack
    values = [
        str(server_values(stack, replace(SECRETS, identity_providers={"google": secret})))
        for secret in ("planted-one", "planted-two", "planted-one")
    ]
    assert "planted" not in "".join(values)
    assert values[0] == values[2] != values[1]
