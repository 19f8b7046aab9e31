"""Service accounts: made by an admin of the company, with keys and without e-mail, and few of them if so set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.emulator import Emulator, start_emulator
from tests.local.tenants import Tenant, fault_of, new_tenant

_CREATE = "auth.create_service_user"


@pytest.fixture
def tenant(shared_emulator: Emulator) -> Tenant:
    made = new_tenant(shared_emulator)
    _settings(made, features=["service_users"])
    return made


def _settings(tenant: Tenant, **settings: object) -> None:
    tenant.emulator.data_of("system.update_company_settings", {"company": tenant.company, **settings})


def _fault(tenant: Tenant, endpoint: str, body: object) -> tuple[int, int]:
    return fault_of(tenant.emulator.call(endpoint, body, headers={"X-Clearml-Impersonate-As": tenant.admin}))


def test_it_has_a_key_that_works_and_is_a_user_of_the_admins_company(tenant: Tenant) -> None:
    made = tenant.be(_CREATE, {"name": "agents", "allow_running_as_owner": True})
    pair = made["credentials"]["access_key"], made["credentials"]["secret_key"]
    seen = tenant.emulator.data_of("users.get_current_user", auth=pair)["user"]
    assert (seen["id"], seen["role"], seen["company"]["id"]) == (made["id"], "user", tenant.company)
    found = tenant.be("users.get_service_users")
    (shown,) = found["users"]
    assert shown.pop("last_active_time")
    assert shown == {
        "id": made["id"],
        "name": "agents",
        "role": "user",
        "credentials": 1,
        "allow_running_as_owner": True,
    }
    assert (found["allowed_service_users"], found["allow_admins"]) == (None, False)


def test_each_call_makes_another_one(tenant: Tenant) -> None:
    first, second = (tenant.be(_CREATE, {"name": "agents"})["id"] for _ in range(2))
    assert first != second
    assert len(tenant.be("users.get_service_users")["users"]) == 2


def test_its_first_key_ends_when_that_is_asked_for(tenant: Tenant) -> None:
    made = tenant.be(_CREATE, {"name": "agents", "credentials_expiration_sec": 60})
    assert made["credentials"]["expire"]


def test_name_is_needed_and_a_plain_user_makes_none(tenant: Tenant) -> None:
    assert _fault(tenant, _CREATE, {}) == (400, 12)
    headers = {"X-Clearml-Impersonate-As": tenant.add_user()}
    assert fault_of(tenant.emulator.call(_CREATE, {"name": "agents"}, headers=headers)) == (403, 20)


def test_it_becomes_an_admin_only_where_that_is_allowed(tenant: Tenant) -> None:
    body = {"user": tenant.be(_CREATE, {"name": "agents"})["id"], "role": "admin"}
    assert _fault(tenant, "auth.edit_user", body) == (400, 16)
    _settings(tenant, allow_service_user_admins=True)
    assert tenant.be("auth.edit_user", body) == {"updated": 1, "fields": {"role": "admin"}}
    assert tenant.be("users.get_service_users")["allow_admins"] is True


def test_limit_counts_service_accounts_alone(tenant: Tenant) -> None:
    _settings(tenant, allowed_service_users=1, allowed_users=1)
    tenant.be(_CREATE, {"name": "one"})
    assert _fault(tenant, _CREATE, {"name": "two"}) == (400, 0)
    tenant.add_user()


def test_deleted_one_takes_its_keys_along(tenant: Tenant) -> None:
    made = tenant.be(_CREATE, {"name": "agents"})
    tenant.be("auth.delete_user", {"user": made["id"]})
    pair = made["credentials"]["access_key"], made["credentials"]["secret_key"]
    assert tenant.emulator.call("users.get_current_user", auth=pair).status_code == 401
    assert tenant.be("users.get_service_users")["users"] == []


def test_it_has_no_email(tenant: Tenant) -> None:
    made = tenant.be(_CREATE, {"name": "agents"})["id"]
    found = tenant.emulator.data_of("auth.get_users_info", {"users": [made]})["users"]
    assert found[made]["email"] is None
    listed = {each["id"]: each for each in tenant.be("users.get_all", {"include_auth": True})["users"]}
    assert listed[made]["email"] is None


@pytest.mark.parametrize("needed", [True, False])
def test_feature_is_needed_unless_the_server_is_assumed_otherwise(tmp_path: Path, needed: bool) -> None:
    assumed = {"service_users_need_feature": needed, "service_users_listed": False}
    server = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps(assumed)})
    try:
        tenant = new_tenant(server)
        headers = {"X-Clearml-Impersonate-As": tenant.admin}
        response = server.call(_CREATE, {"name": "agents"}, headers=headers)
        assert response.status_code == (403 if needed else 200)
        assert [each["id"] for each in tenant.be("users.get_all")["users"]] == [tenant.admin]
    finally:
        server.stop()


def test_server_may_allow_admins_for_every_company(tmp_path: Path) -> None:
    variables = {"CLEARML__services__organization__allow_service_user_admins": "true"}
    server = start_emulator(tmp_path, variables)
    try:
        tenant = new_tenant(server)
        assert tenant.be("users.get_service_users")["allow_admins"] is True
    finally:
        server.stop()
