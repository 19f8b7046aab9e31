"""A tenant's identity provider: from its file and the stack's secret to what is registered, nothing secret in plain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

from components import value_conflicts
from components.sso import clearml_groups, provider_configuration
from settings.loading.load import Environment, load
from settings.models.sso import Sso
from tests.unit.asked import ACME, BETA, SECOND, STACK_FILE, TENANT, WITH_ADDRESSES, load_project, refusal
from tests.unit.deployment import Monitor, finished, inputs, run_program, start

SSO = """\
sso:
  externalTenant: acme-ext
  clientId: clearml-acme
  endpoints:
    authorization: https://idp.example/auth
    token: https://idp.example/token
    revocation: https://idp.example/revoke
    endSession: https://idp.example/logout
  claims: {tenant: tenant_id, groups: groups}
  groupMapping: {researchers: users}
  adminGroups: [ops, chiefs]
"""
MINIMAL = """\
sso:
  externalTenant: beta-ext
  clientId: clearml-beta
  endpoints: {authorization: 'https://idp.example:8443/auth?p=1', token: https://idp.example/token}
"""
SECRET = {"clearml-tenants:ssoClientSecrets": '{"acme": "planted-client-secret"}'}


def _stack(*tenants: str) -> str:
    """The stack's file with client secrets of these tenants."""
    secrets = "".join(f"    {tenant}: {{secure: v1:eee}}\n" for tenant in tenants)
    return WITH_ADDRESSES.replace(
        "  clearml-tenants:stack:", f"  clearml-tenants:ssoClientSecrets:\n{secrets}  clearml-tenants:stack:"
    )


def _read(tmp_path: Path, text: str) -> Sso:
    files: dict[str, str | bytes] = {STACK_FILE: _stack("acme"), ACME: TENANT + text}
    found = load_project(tmp_path, files).tenants[0].sso
    assert found
    return found


def test_all_that_a_file_can_say(tmp_path: Path) -> None:
    assert provider_configuration(_read(tmp_path, SSO), "Acme Inc.") == {
        "display_name": "Acme Inc.",
        "client_id": "clearml-acme",
        "authorization_endpoint": "https://idp.example/auth",
        "token_endpoint": "https://idp.example/token",
        "revocation_endpoint": "https://idp.example/revoke",
        "end_session_endpoint": "https://idp.example/logout",
        "logout_from_provider": True,
        "claim_tenant": "tenant_id",
        "claim_name": "name",
        "claim_groups": "groups",
        "group_enabled": True,
        "group_prohibit_user_login_if_not_in_group": True,
    }


def test_a_link_that_the_server_does_not_let_in_is_warned_of(tmp_path: Path) -> None:
    """The server's own switch stands in the stack's file: without it nobody of the tenant could sign in."""
    files: dict[str, str | bytes] = {STACK_FILE: _stack("acme"), ACME: TENANT + SSO}
    (warning,) = load_project(tmp_path, files).warnings
    assert str(warning).endswith("set in the stack's file server: {multiTenantLogin: true}")
    files[STACK_FILE] = _stack("acme").replace("cookieName:", "multiTenantLogin: true\n      cookieName:")
    assert load_project(tmp_path, files).warnings == ()


def test_the_least_that_a_file_can_say(tmp_path: Path) -> None:
    assert provider_configuration(_read(tmp_path, MINIMAL), "Acme Inc.") == {
        "display_name": "Acme Inc.",
        "client_id": "clearml-beta",
        "authorization_endpoint": "https://idp.example:8443/auth?p=1",
        "token_endpoint": "https://idp.example/token",
        "logout_from_provider": False,
        "claim_name": "name",
        "group_enabled": False,
        "group_prohibit_user_login_if_not_in_group": False,
    }


def test_a_provider_without_its_client_secret_is_one_line_with_the_command(tmp_path: Path) -> None:
    assert refusal(tmp_path, {ACME: TENANT + SSO}) == (
        f"{ACME}: acme: sso: has no client secret in the stack's file; "
        "set it with: pulumi config set --stack test --secret --path ssoClientSecrets.acme"
    )


def test_groups_that_the_provider_is_not_asked_for_are_refused(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {STACK_FILE: _stack("acme"), ACME: TENANT + SSO.replace(", groups: groups", "")}
    assert refusal(tmp_path, files).splitlines() == [
        f"{ACME}: acme: sso.{key}: needs to know what the provider calls the groups; "
        "add a line like claims: {groups: groups}"
        for key in ("adminGroups", "groupMapping")
    ]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("users", "users"),
        ("[users]", "users"),
        ("[users, Data Scientists]", ["Data Scientists", "users"]),
        ("[b, a, b]", ["a", "b"]),
    ],
)
def test_a_group_of_the_provider_becomes_one_of_clearmls_or_several(
    tmp_path: Path, written: str, sent: str | list[str]
) -> None:
    """One stays a text, as states have it."""
    found = _read(tmp_path, SSO.replace("researchers: users", f"researchers: {written}"))
    assert clearml_groups(found.group_mapping["researchers"]) == sent


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[]", "sso.groupMapping.researchers: is empty; write it like groupMapping: {researchers: users}"),
        ("5", "sso.groupMapping.researchers: must be a list, not a number; write it like groupMapping: "),
        ("[users, '']", "sso.groupMapping.researchers[1]: '' is empty, or starts or ends with a space"),
    ],
)
def test_a_group_of_the_provider_that_leads_nowhere_is_refused(tmp_path: Path, written: str, said: str) -> None:
    files: dict[str, str | bytes] = {STACK_FILE: _stack("acme")}
    files[ACME] = TENANT + SSO.replace("researchers: users", f"researchers: {written}")
    assert refusal(tmp_path, files).startswith(f"{ACME}: acme: {said}")


@pytest.mark.parametrize(("version", "refused"), [("3.23.9", True), ("3.24.0", False)])
def test_several_groups_need_a_server_that_knows_them(tmp_path: Path, version: str, refused: bool) -> None:
    stack = _stack("acme").replace("cookieName:", f"version: {version}\n      cookieName:")
    asked = TENANT + SSO.replace("researchers: users", "researchers: [users, admins]")
    files: dict[str, str | bytes] = {STACK_FILE: stack, ACME: asked}
    if refused:
        assert "acme: sso.groupMapping.researchers: leads to 2 groups, which servers know from 3.24 on" in refusal(
            tmp_path, files
        )
    else:
        load_project(tmp_path, files)


def test_an_external_tenant_is_one_companys(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        STACK_FILE: _stack("acme", "beta"),
        ACME: TENANT + SSO,
        BETA: SECOND + MINIMAL.replace("beta-ext", "Acme-Ext"),
    }
    assert refusal(tmp_path, files) == (
        f"{BETA}: beta: sso.externalTenant: 'Acme-Ext' is already the external tenant at sso.externalTenant of "
        "tenant acme; keep it in one place"
    )


def test_a_mistake_in_a_tenants_file_does_not_make_its_secret_nobodys(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {STACK_FILE: _stack("acme"), ACME: TENANT.replace("Acme Inc.", "A") + SSO}
    assert refusal(tmp_path, files).startswith(f"{ACME}: acme: company: 'A' is not")
    assert "\n" not in refusal(tmp_path, files)


# -- what the program registers --------------------------------------------------------------------------------------


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The local stack, whose tenant has a provider of its own."""
    with_provider = _read(tmp_path, SSO)

    def loaded(root: Path, stack: str) -> Environment:
        found = load(root, stack)
        (acme,) = found.tenants
        tenant = acme.model_copy(update={"sso": with_provider})
        return Environment(found.name, found.api_url, found.stack, (tenant,), everybody=(tenant,))

    monkeypatch.setattr(value_conflicts, "load", loaded)


@pytest.fixture
def deployed(asked: None) -> Monitor:
    monitor = start(SECRET)
    finished(run_program)
    return monitor


def test_the_provider_is_the_companys_and_its_secret_a_secret(deployed: Monitor) -> None:
    """Named after the admin: a file called otherwise later is the same resource, not one that deletes the other's."""
    registered = inputs(deployed.one("pulumi-python:dynamic/clearml:Sso", "admin@acme.example"))
    assert registered["company_id"] == "c0ffee"
    assert registered["client_secret"] == {"secret": "planted-client-secret"}
    assert (registered["provider"], registered["tenant"]) == ("keycloak", "acme-ext")
    assert registered["group_mapping"] == {"researchers": "users"}
    assert set(registered["admin_groups"]) == {"chiefs", "ops"}
    texts = [json.dumps(inputs(request)) for request in deployed.registered]
    assert sum("planted-client-secret" in text for text in texts) == 1


def test_the_login_link_is_told_and_the_secret_is_not(deployed: Monitor) -> None:
    stack = get_root_resource()
    assert isinstance(stack, Stack)

    def check(told: dict[str, Any]) -> None:
        assert told["tenants"]["acme"]["loginUrl"] == "https://app.clearml.example/login/acme-ext"
        assert "planted" not in json.dumps(told)

    finished(lambda: pulumi.Output.from_input(dict(stack.outputs)).apply(check))


@pytest.mark.parametrize(
    ("held", "line"),
    [
        ("{}", "clearml-tenants:ssoClientSecrets: the engine was started with another value; "),
        ('{"acme": ""}', "clearml-tenants:ssoClientSecrets.acme: its value (not shown) is empty, or holds a control "),
        ('{"acme": "planted\\u0000"}', "clearml-tenants:ssoClientSecrets.acme: its value (not shown) is empty, or "),
    ],
)
@pytest.mark.usefixtures("asked")
def test_a_secret_that_is_none_stops_the_program_before_anything_is_made(held: str, line: str) -> None:
    monitor = start({"clearml-tenants:ssoClientSecrets": held})
    with pytest.raises(pulumi.RunError) as error:
        run_program()
    assert str(error.value).startswith(f"config/Pulumi.local.yaml: {line}")
    assert "planted" not in str(error.value)
    assert monitor.registered == []
