"""Issue 16.14: what of server-wide sign-in cannot work is refused, what works otherwise than it reads is warned of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.field.server.sign_in.provider_files import loaded, refused, stack_file
from tests.unit.asked import STACK_FILE

_ENDPOINTS = "authorizeUrl: 'https://idp.example/a', accessTokenUrl: 'https://idp.example/t'"


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
    found = refused(tmp_path, stack_file(providers, *secrets))
    assert f"{STACK_FILE}: clearml-tenants:stack.{said}" in found
    assert "hunter2" not in found


def test_a_secret_of_nobody_and_one_in_plain_text_are_told(tmp_path: Path) -> None:
    where = f"{STACK_FILE}: clearml-tenants:identityProviderSecrets.okta: is "
    assert refused(tmp_path / "a", stack_file("{}", "okta")).startswith(f"{where}the secret of no provider of ")
    plain = stack_file("{google: {clientId: a}}", "okta").replace("{secure: v1:eee}", "hunter2")
    found = refused(tmp_path / "b", plain)
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
    (warning,) = loaded(tmp_path, stack_file(providers, secret, server=server)).warnings
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
    text = stack_file("{google: {clientId: a}}", "google", variables=variables)
    with pytest.raises(Exception, match="is set by this program from its own settings"):
        loaded(tmp_path, text)


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
    found = refused(tmp_path, stack_file("{}", variables=variables))
    assert found == (
        f"{STACK_FILE}: clearml-tenants:stack.server.apiserver.extraEnvs[0].value: looks like a secret in plain text "
        f"(not shown); write the provider as server.identityProviders.{provider} instead of variables, and set its "
        f"secret with: pulumi config set --stack test --secret --path identityProviderSecrets.{provider}"
    )


def test_a_variable_that_no_setting_says_goes_beside_it(tmp_path: Path) -> None:
    name = "CLEARML__services__login__sso__oauth_client__google__debug"
    variables = f"      apiserver: {{extraEnvs: [{{name: {name}, value: 'true'}}]}}\n"
    assert loaded(tmp_path, stack_file("{google: {clientId: a}}", "google", variables=variables)).warnings == ()
