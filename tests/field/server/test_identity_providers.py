"""Issue 16.14: server-wide sign-in as settings. The page's examples become what the public guides list, and no more."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyhocon import ConfigFactory

from components import value_conflicts
from components.values.server import server_values
from settings.loading.load import Environment
from settings.models.stack import StackSettings
from tests.unit.apiserver import environment
from tests.unit.asked import STACK_FILE, WITH_ADDRESSES, project, refusal
from tests.unit.document import SECRETS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "sign-in.md"
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
    },
}
EXAMPLES = {
    name: provider
    for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for name, provider in yaml.safe_load(block)["server"]["identityProviders"].items()
}
_ENDPOINTS = "authorizeUrl: 'https://idp.example/a', accessTokenUrl: 'https://idp.example/t'"


def _file(providers: str, *secrets: str, variables: str = "", server: str = "") -> str:
    held = "".join(f"    {name}: {{secure: v1:eee}}\n" for name in secrets)
    above = f"  clearml-tenants:identityProviderSecrets:\n{held}" if held else ""
    lines = f"      identityProviders: {providers}\n{variables}{server}      cookieName:"
    changed = WITH_ADDRESSES.replace("      cookieName:", lines)
    return changed.replace("  clearml-tenants:stack:", f"{above}  clearml-tenants:stack:")


def _loaded(tmp_path: Path, text: str) -> Environment:
    return value_conflicts.load(project(tmp_path, {STACK_FILE: text}), "test")


def _refused(tmp_path: Path, text: str) -> str:
    return refusal(project(tmp_path), {STACK_FILE: text})


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
    found = _loaded(tmp_path / "with", _file(_flow({name: EXAMPLES[name]}), *secrets))
    without = _told(_loaded(tmp_path / "without", _file("{}")).stack)
    told = _told(found.stack)
    assert {path: value for path, value in told.items() if path not in without} == TOLD[name]
    assert {path: value for path, value in told.items() if path in without} == without
    assert found.warnings == ()


def test_the_metadata_of_saml_is_a_file_of_the_apiserver(tmp_path: Path) -> None:
    stack = _loaded(tmp_path, _file(_flow({"microsoft_ad": EXAMPLES["microsoft_ad"]}))).stack
    files = server_values(stack, SECRETS)["apiserver"]["additionalConfigs"]
    assert files == {"microsoft_ad-metadata.xml": EXAMPLES["microsoft_ad"]["metadata"]}


def test_metadata_as_providers_offer_it_is_neither_a_secret_nor_a_placeholder(tmp_path: Path) -> None:
    """Long, with certificates and elements without attributes."""
    certificate = b64encode(bytes(range(256)) * 4).decode()
    lines = "\n".join(certificate[at : at + 76] for at in range(0, len(certificate), 76))
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
    found = _loaded(tmp_path, _file(_flow({"google_saml": {"entityId": "clearml", "metadata": metadata}})))
    assert (found.warnings, found.placeholders) == ((), ())
    assert server_values(found.stack, SECRETS)["apiserver"]["additionalConfigs"] == {
        "google_saml-metadata.xml": metadata
    }


def test_files_of_the_operators_own_stay_beside_it(tmp_path: Path) -> None:
    own = "      extraValues: {apiserver: {additionalConfigs: {apiserver.conf: 'auth {}'}}}\n"
    stack = _loaded(tmp_path, _file(_flow({"microsoft_ad": EXAMPLES["microsoft_ad"]}), server=own)).stack
    files = server_values(stack, SECRETS)["apiserver"]["additionalConfigs"]
    assert set(files) == {"apiserver.conf", "microsoft_ad-metadata.xml"}


@pytest.mark.parametrize(
    ("providers", "secrets", "said"),
    [
        ("{google: {clientId: a}}", (), "server.identityProviders.google: has no secret in the stack's file; set it "),
        (f"{{okta: {{clientId: a, {_ENDPOINTS}}}}}", ("okta",), "server.identityProviders.okta.baseUrl: is missing; "),
        ("{ping: {clientId: a}}", ("ping",), "server.identityProviders.ping.authorizeUrl: is missing; write it like "),
        ("{google: {clientId: a, clientSecret: hunter2}}", ("google",),
         "server.identityProviders.google.clientSecret: is a secret, and never stands here; set it with: "),
        ("{google: {clientId: a, authorizeUrl: 'http://idp.example/a'}}", ("google",),
         "server.identityProviders.google.authorizeUrl: 'http://idp.example/a' is not an https address with a path"),
        ("{oktaa: {clientId: a}}", (), "server.identityProviders.oktaa: is not a key here; did you mean okta?"),
        ("{github: {clientId: a}}", (), "server.identityProviders.github: is not a key here; "),
        ("{duo: {entityId: clearml}}", (), "server.identityProviders.duo: needs either metadata or metadataFile"),
        ("{duo: {entityId: clearml, metadata: 'https://idp.example/metadata'}}", (),
         "server.identityProviders.duo.metadata: 'https://idp.example/metadata' is an address, and the server"),
        ("{duo: {entityId: clearml, metadata: '<!DOCTYPE x><EntityDescriptor/>'}}", (),
         "server.identityProviders.duo.metadata: is no metadata of a SAML provider"),
        ("{duo: {entityId: clearml, metadataFile: ../../etc/passwd}}", (),
         "server.identityProviders.duo.metadataFile: is no path in the apiserver's container"),
        ("{ldap: {server: 'https://x', baseDn: dc=a, bindDn: cn=a}}", ("ldap",),
         "server.identityProviders.ldap.server: 'https://x' is not a directory's address"),
        ("{ldap: {server: ldaps://x.example, baseDn: dc=a, bindDn: cn=a, searchFilter: (uid=jdoe)}}", ("ldap",),
         "server.identityProviders.ldap.searchFilter: '(uid=jdoe)' is no filter with {0}"),
        ("{ldap: {server: ldaps://x.example, baseDn: dc=a, bindDn: cn=a, password: hunter2}}", ("ldap",),
         "server.identityProviders.ldap.password: is a secret, and never stands here"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_an_error_that_names_the_key(
    tmp_path: Path, providers: str, secrets: tuple[str, ...], said: str
) -> None:
    found = _refused(tmp_path, _file(providers, *secrets))
    assert f"{STACK_FILE}: clearml-tenants:stack.{said}" in found
    assert "hunter2" not in found


def test_a_secret_of_nobody_and_one_in_plain_text_are_told(tmp_path: Path) -> None:
    where = f"{STACK_FILE}: clearml-tenants:identityProviderSecrets.okta: is "
    assert _refused(tmp_path / "a", _file("{}", "okta")).startswith(f"{where}the secret of no provider of ")
    plain = _file("{google: {clientId: a}}", "okta").replace("{secure: v1:eee}", "hunter2")
    found = _refused(tmp_path / "b", plain)
    assert found.startswith(
        f"{where}a secret in plain text; set it with: pulumi config set --stack test --secret --path "
    )
    assert "hunter2" not in found


@pytest.mark.parametrize(
    ("providers", "server", "said"),
    [
        ("{google: {clientId: a, defaultCompany: d1bd92a3b039400cbafc60a7a5b1e52b}}", "",
         "server.identityProviders.google.defaultCompany: puts whoever signs in with it and is in no tenant's rules"),
        ("{google: {clientId: a}}", "      multiTenantLogin: true\n",
         "server.identityProviders.google: is offered to nobody, since server.multiTenantLogin leaves each tenant "),
        ("{google: {clientId: a, groups: {}, audience: x}}", "",
         "server.identityProviders.google: no guide of ClearML's says audience, groups of this provider; look "),
        ("{ldap: {server: dc1.corp.example, baseDn: dc=a, bindDn: cn=a}}", "",
         "server.identityProviders.ldap.server: sends people's passwords in plain text; write ldaps:// before "),
        ("{ldap: {server: ldaps://x.example, baseDn: dc=a, bindDn: cn=a, tls: {validateCertificate: false}}}", "",
         "server.identityProviders.ldap.tls.validateCertificate: sends people's passwords to whoever answers; "),
    ],
)  # fmt: skip
def test_what_works_otherwise_than_somebody_may_think_is_warned_of(
    tmp_path: Path, providers: str, server: str, said: str
) -> None:
    secret = "ldap" if "ldap" in providers else "google"
    (warning,) = _loaded(tmp_path, _file(providers, secret, server=server)).warnings
    assert str(warning).startswith(f"{STACK_FILE}: clearml-tenants:stack.{said}")


@pytest.mark.parametrize(
    "name",
    [
        "CLEARML__secure__login__sso__oauth_client__google__client_id",
        "TRAINS__SECURE__login.sso.oauth_client.google.client_id",
        "CLEARML__secure__login__sso__oauth_client__google",
    ],
)
def test_a_variable_that_says_what_a_setting_says_is_refused(tmp_path: Path, name: str) -> None:
    variables = f"      apiserver: {{extraEnvs: [{{name: {name}, value: '\"a\"'}}]}}\n"
    text = _file("{google: {clientId: a}}", "google", variables=variables)
    with pytest.raises(Exception, match="is set by this program from its own settings"):
        _loaded(tmp_path, text)


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("CLEARML__secure__login__sso__oauth_client__okta__client_secret", "okta"),
        ("CLEARML__secure__login__sso__oauth_client__azure_ad__client_secret", "azure_ad"),
        ("CLEARML__SECURE__LOGIN.SSO.OAUTH_CLIENT.KEYCLOAK.CLIENT_SECRET", "keycloak"),
        ("CLEARML__secure__fixed_user_providers__ldap__password", "ldap"),
    ],
)
def test_a_secret_among_raw_variables_is_refused_with_the_place_for_it(
    tmp_path: Path, name: str, provider: str
) -> None:
    variables = f"      apiserver: {{extraEnvs: [{{name: {name}, value: '\"hunter2hunter2\"'}}]}}\n"
    found = _refused(tmp_path, _file("{}", variables=variables))
    assert found == (
        f"{STACK_FILE}: clearml-tenants:stack.server.apiserver.extraEnvs[0].value: looks like a secret in plain text "
        f"(not shown); write the provider as server.identityProviders.{provider} instead of variables, and set its "
        f"secret with: pulumi config set --stack test --secret --path identityProviderSecrets.{provider}"
    )


def test_a_variable_that_no_setting_says_goes_beside_it(tmp_path: Path) -> None:
    name = "CLEARML__services__login__sso__oauth_client__google__debug"
    variables = f"      apiserver: {{extraEnvs: [{{name: {name}, value: 'true'}}]}}\n"
    assert _loaded(tmp_path, _file("{google: {clientId: a}}", "google", variables=variables)).warnings == ()


def test_nothing_secret_is_among_the_values_and_another_secret_restarts_the_apiserver(tmp_path: Path) -> None:
    stack = _loaded(tmp_path, _file("{google: {clientId: a}}", "google")).stack
    values = [
        str(server_values(stack, replace(SECRETS, identity_providers={"google": secret})))
        for secret in ("planted-one", "planted-two", "planted-one")
    ]
    assert "planted" not in "".join(values)
    assert values[0] == values[2] != values[1]
