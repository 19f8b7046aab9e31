"""Acting for others: both headers in both spellings, whose role counts, and what is refused."""

from __future__ import annotations

import pytest

from tests.emulator import Emulator, start_emulator
from tests.local.tenants import fault_of, message_of, new_tenant


@pytest.fixture
def api(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


@pytest.mark.parametrize("header", ["X-Clearml-Impersonate-As", "X-Trains-Impersonate-As", "x-clearml-impersonate-as"])
def test_impersonate_as_takes_the_targets_role(api: Emulator, header: str) -> None:
    tenant = new_tenant(api)
    me = api.data_of("users.get_current_user", headers={header: tenant.admin})["user"]
    assert (me["id"], me["role"], me["company"]["id"]) == (tenant.admin, "admin", tenant.company)
    assert fault_of(api.call("system.get_companies", headers={header: tenant.admin})) == (403, 20)


@pytest.mark.parametrize("header", ["X-Clearml-Act-As", "X-Trains-Act-As", "x-trains-act-as"])
def test_act_as_keeps_the_callers_role(api: Emulator, header: str) -> None:
    tenant = new_tenant(api)
    me = api.data_of("users.get_current_user", headers={header: tenant.admin})["user"]
    assert (me["id"], me["role"], me["company"]["id"]) == (tenant.admin, "system", tenant.company)
    assert api.call("system.get_companies", headers={header: tenant.admin}).status_code == 200


def test_both_headers_are_refused(api: Emulator) -> None:
    tenant = new_tenant(api)
    headers = {"X-Clearml-Act-As": tenant.admin, "X-Trains-Impersonate-As": tenant.admin}
    response = api.call("users.get_current_user", headers=headers)
    assert fault_of(response) == (400, 5)
    expected = "Invalid headers (only one allowed): headers=(X-Trains-Impersonate-As, X-Clearml-Act-As)"
    assert message_of(response) == expected


def test_an_unknown_user_is_refused(api: Emulator) -> None:
    response = api.call("users.get_current_user", headers={"X-Clearml-Act-As": "nobody"})
    assert (fault_of(response), message_of(response)) == ((400, 6), "Impersonation error (unknown user): id=nobody")


def test_a_company_id_is_not_a_user_id(api: Emulator) -> None:
    tenant = new_tenant(api)
    assert fault_of(api.call("login.get_settings", headers={"X-Clearml-Act-As": tenant.company})) == (400, 6)


def test_a_plain_user_may_not_impersonate(api: Emulator) -> None:
    tenant = new_tenant(api)
    user = tenant.add_user("user")
    pair = api.data_of("auth.create_credentials", headers={"X-Clearml-Impersonate-As": user})["credentials"]
    key = (pair["access_key"], pair["secret_key"])
    response = api.call("users.get_current_user", headers={"X-Clearml-Act-As": tenant.admin}, auth=key)
    assert fault_of(response) == (400, 6)
    assert message_of(response) == "Impersonation error (impersonation not allowed): role=user"


def test_an_admin_may_impersonate_in_the_own_company_only(api: Emulator) -> None:
    tenant, other = new_tenant(api), new_tenant(api)
    key, user = tenant.key(), tenant.add_user("user")
    headers = {"X-Clearml-Impersonate-As": user}
    assert api.data_of("users.get_current_user", headers=headers, auth=key)["user"]["role"] == "user"
    response = api.call("users.get_current_user", headers={"X-Clearml-Impersonate-As": other.admin}, auth=key)
    assert message_of(response) == (f"Impersonation error (unknown user): id={other.admin}, company={tenant.company}")


def test_a_header_where_nobody_is_authenticated_is_500(api: Emulator) -> None:
    response = api.call("debug.ping", headers={"X-Clearml-Act-As": "anybody"})
    assert fault_of(response) == (500, 1)
    assert message_of(response) == "Internal server error (validating impersonation)"


def test_an_empty_header_is_no_header(api: Emulator) -> None:
    assert api.call("server.info", headers={"X-Clearml-Act-As": ""}).status_code == 200


def test_the_order_of_checks(api: Emulator) -> None:
    """Endpoint, then authentication, then role, then impersonation, then fields."""
    tenant = new_tenant(api)
    headers = {"X-Clearml-Act-As": "nobody"}
    assert fault_of(api.call("no.such_call", headers=headers, auth=None)) == (404, 0)
    assert fault_of(api.call("system.create_company", headers=headers, auth=None)) == (401, 20)
    assert fault_of(api.call("system.create_company", headers=headers, auth=tenant.key())) == (403, 20)
    assert fault_of(api.call("system.create_company", headers=headers)) == (400, 6)
    assert fault_of(api.call("system.create_company")) == (400, 12)


def test_an_older_server_keeps_system_callers_in_their_company(tmp_path_factory: pytest.TempPathFactory) -> None:
    env = {"EMULATOR_ASSUMPTIONS": '{"system_impersonates_across_companies": false}'}
    api = start_emulator(tmp_path_factory.mktemp("old"), env)
    tenant_admin = new_tenant(api).admin
    assert fault_of(api.call("users.get_current_user", headers={"X-Clearml-Act-As": tenant_admin})) == (400, 6)
    api.stop()
