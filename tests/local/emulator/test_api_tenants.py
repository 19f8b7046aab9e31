"""A newer server: tenants.* in one call, expiring keys, roles on whitelist entries, three more features."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator import DEFAULT_COMPANY, Emulator, start_emulator
from tests.local.tenants import fault_of, new_tenant


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    running = start_emulator(tmp_path_factory.mktemp("newer"), {"EMULATOR_ASSUMPTIONS": '{"new_server": true}'})
    yield running
    running.stop()


def test_one_call_makes_company_admin_key_domain_and_admins(api: Emulator) -> None:
    body = {"name": "One Call", "domain": "one-call.example.com", "admin_emails": ["a@one-call.example.org"]}
    made = api.data_of("tenants.create_tenant", {**body, "max_users": 7})
    pair = (made["credentials"]["access_key"], made["credentials"]["secret_key"])
    me = api.data_of("users.get_current_user", auth=pair)["user"]
    assert (me["role"], me["company"]["id"]) == ("admin", made["id"])
    rules = next(each for each in api.state()["rules"] if each["company"] == made["id"])
    assert rules["domains"] == ["one-call.example.com"]
    assert rules["whitelist"] == [{"email": "a@one-call.example.org", "role": "admin", "status": "pending"}]
    again = api.data_of("tenants.add_tenant_admin_credentials", {"tenant": made["id"]})["credentials"]
    assert api.data_of("users.get_current_user", auth=(again["access_key"], again["secret_key"]))["user"] == me
    info = api.data_of("tenants.get_tenant_info", {"tenant": made["id"]})
    assert (info["name"], info["users"]["max_allowed"]) == ("One Call", 7)
    assert [each["email"] for each in info["users"]["pending"]] == ["a@one-call.example.org"]


def test_tenants_are_listed_with_their_admins(api: Emulator) -> None:
    tenant = new_tenant(api)
    tenant.act("login.add_whitelist_entries", {"emails": ["boss@list.example.org"], "role": "admin"})
    found = {each["id"]: each for each in api.data_of("tenants.get_tenants")["tenants"]}
    assert found[tenant.company]["admin_emails"] == ["boss@list.example.org"]
    assert found[DEFAULT_COMPANY]["default_company"] is True


def test_deletion_needs_the_name_and_nothing_running_and_locks_the_tenant_out(api: Emulator) -> None:
    tenant = new_tenant(api)
    key = tenant.key()
    assert fault_of(api.call("tenants.delete_tenant", {"tenant": tenant.company, "name": "other"})) == (400, 16)
    api.set_workers(tenant.company, 1)
    resources = api.data_of("tenants.get_tenant_resources", {"tenant": tenant.company})
    assert resources["running"]["connected_workers"] == 1
    right = {"tenant": tenant.company, "name": tenant.name}
    assert fault_of(api.call("tenants.delete_tenant", right)) == (400, 15)
    api.set_workers(tenant.company, 0)
    assert api.data_of("tenants.delete_tenant", right)["running"]["connected_workers"] == 0
    (left,) = api.data_of("system.get_companies", {"name": tenant.name})["companies"]
    assert left == {"id": tenant.company, "name": tenant.name, "active": False}
    assert fault_of(api.call("server.info", auth=key)) == (401, 22)
    assert fault_of(api.call("login.get_settings", headers={"X-Clearml-Act-As": tenant.admin})) == (400, 6)
    assert fault_of(api.call("system.create_company", {"name": tenant.name})) == (400, 801)


def test_a_running_tenant_is_deleted_by_force(api: Emulator) -> None:
    tenant = new_tenant(api)
    api.set_workers(tenant.company, 2)
    api.data_of("tenants.delete_tenant", {"tenant": tenant.company, "name": tenant.name, "force": True})
    assert tenant.company not in {each["id"] for each in api.data_of("tenants.get_tenants")["tenants"]}


def test_the_default_company_is_not_deleted(api: Emulator) -> None:
    body = {"tenant": DEFAULT_COMPANY, "name": "clearml", "force": True}
    assert fault_of(api.call("tenants.delete_tenant", body)) == (400, 16)


def test_keys_expire_only_if_asked(api: Emulator) -> None:
    tenant = new_tenant(api)
    assert "expire" not in tenant.be("auth.create_credentials")["credentials"]
    assert "expire" in tenant.be("auth.create_credentials", {"expiration_sec": 3600})["credentials"]
    gone = tenant.be("auth.create_credentials", {"expiration_sec": -1})["credentials"]
    assert fault_of(api.call("server.info", auth=(gone["access_key"], gone["secret_key"]))) == (401, 22)


@pytest.mark.parametrize(("reading", "fault"), [("shorten", (200, 0)), ("refuse", (400, 16))])
def test_people_choose_no_longer_life_for_a_key_than_the_policy(tmp_path: Path, reading: str, fault: object) -> None:
    """And admins do: keys of agents and gateways are theirs, and are made without end."""
    assumed = json.dumps({"new_server": True, "longer_life": reading})
    policy = {"CLEARML__apiserver__auth__credentials__default_expiration_sec": "60"}
    server = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": assumed, **policy})
    try:
        tenant = new_tenant(server)
        person = {"X-Clearml-Impersonate-As": tenant.add_user()}
        for seconds in (0, 61):
            response = server.call("auth.create_credentials", {"expiration_sec": seconds}, headers=person)
            assert fault_of(response) == fault
            assert reading == "refuse" or "expire" in response.json()["data"]["credentials"]
        assert (
            "expire" in server.data_of("auth.create_credentials", {"expiration_sec": 30}, headers=person)["credentials"]
        )
        assert "expire" not in tenant.be("auth.create_credentials", {"expiration_sec": 0})["credentials"]
    finally:
        server.stop()


def test_role_wins_over_is_admin(api: Emulator) -> None:
    tenant = new_tenant(api)
    body = {"emails": ["c@newer.example.org"], "role": "consumer", "is_admin": True}
    tenant.act("login.add_whitelist_entries", body)
    assert [each["role"] for each in tenant.rules()["whitelist"]] == ["consumer"]


def test_newer_features_and_versions(api: Emulator) -> None:
    tenant = new_tenant(api)
    body = {"company": tenant.company, "features": ["tenant_usages"]}
    assert api.data_of("system.update_company_settings", body) == {"updated": 1}
    info = api.data_of("server.info")
    assert (info["version"], info["api_version"]) == ("3.30.0", "2.37")
