"""A tenant's whole life: made, kept, read back, removed, made again as the same company."""

from __future__ import annotations

import pytest

from tests.api.runs import PROVIDERS, Tenant
from tests.emulator import Emulator


def test_first_run_makes_everything_once(tenant: Tenant) -> None:
    assert tenant.up() == list(PROVIDERS)
    tenant.assert_exact()


def test_first_run_writes_what_the_document_writes(tenant: Tenant, emulator: Emulator) -> None:
    """The document's calls and one more key, for the gateway."""
    tenant.up()
    reads = ("get_", "debug.ping")
    made = [call["endpoint"] for call in emulator.calls()]
    writes = [name for name in made if not any(part in name for part in reads)]
    assert writes == [
        "system.create_company",
        "auth.create_user",
        "auth.create_credentials",
        "auth.create_credentials",
        "login.set_domains",
        "login.add_whitelist_entries",
        "login.add_whitelist_entries",
    ]


def test_first_run_reads_little(tenant: Tenant, emulator: Emulator) -> None:
    """Three times for the environment (which companies, whose e-mails, which rules), twice for the tenant."""
    tenant.up()
    assert [call["endpoint"] for call in emulator.calls() if ".get_" in call["endpoint"]] == [
        "system.get_companies",
        "auth.get_users_info",
        "users.get_current_user",
        "login.get_whitelist",
        "login.get_settings",
    ]


def test_first_run_with_features_reads_once_more_and_writes_no_more(tenant: Tenant, emulator: Emulator) -> None:
    """They are the company's creation defaults, read back once; the admin's look at itself shows them too."""
    tenant.features = {"reports": "granted", "applications": "excluded"}
    tenant.allowed_users = 10
    tenant.up()
    asked = [call["endpoint"] for call in emulator.calls()]
    assert [name for name in asked if ".get_" in name or name.endswith("_info")] == [
        "system.get_companies",
        "auth.get_users_info",
        "users.get_current_user",
        "system.company_info",
        "login.get_whitelist",
        "login.get_settings",
    ]
    assert len(asked) == 13
    (company,) = [each for each in emulator.state()["companies"] if each["name"] == tenant.name]
    held = company["features"], company["exclude_features"], company["allowed_users"]
    assert held == (["reports"], ["applications"], 10)
    assert tenant.refresh() == []
    assert tenant.up() == []


def test_second_run_changes_and_calls_nothing(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    emulator.clear_calls()
    assert tenant.up() == []
    assert emulator.calls() == []


def test_refresh_finds_no_drift_in_few_calls(tenant: Tenant, emulator: Emulator) -> None:
    """One list of companies and one of sign-in rules, and two calls a tenant."""
    tenant.up()
    emulator.clear_calls()
    assert tenant.refresh() == []
    assert [call["endpoint"] for call in emulator.calls()] == [
        "system.get_companies",
        "users.get_current_user",
        "auth.get_credentials",
        "login.get_whitelist",
    ]


def test_removal_keeps_company_and_admin_and_takes_the_rest(tenant: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    tenant.up()
    company = tenant.state["company"].id
    capsys.readouterr()
    tenant.destroy()
    assert tenant.companies() == [company]
    assert tenant.members() == [tenant.email]
    assert tenant.keys() == {}
    assert tenant.rules() == (set(), {})
    said = capsys.readouterr().out
    assert f"company 'Acme' (id {company}) was kept" in said
    assert f"user {tenant.email}" in said
    assert f".delete_company_data_from_mongo --id {company} --name Acme --delete-user" in said
    assert f"rm -r /mnt/fileserver/{company}" in said


def test_re_added_tenant_is_the_same_company(tenant: Tenant) -> None:
    tenant.up()
    before = tenant.state["company"].id, tenant.state["admin"].id
    tenant.destroy()
    tenant.up()
    assert (tenant.state["company"].id, tenant.state["admin"].id) == before
    tenant.assert_exact()
    assert (tenant.up(), tenant.refresh(), tenant.up()) == ([], [], [])


def test_keys_are_rotated_twice_and_back(tenant: Tenant) -> None:
    """One live key of each use after every step, and nothing left to do."""
    tenant.up()
    for generation in (2, 3, 2):
        tenant.generation = generation
        assert tenant.up() == ["agent", "gateway"]
        tenant.assert_exact()
        assert (tenant.up(), tenant.refresh(), tenant.up()) == ([], [], [])


def test_renamed_tenant_is_the_same_company(tenant: Tenant) -> None:
    tenant.up()
    before = tenant.state["company"].id
    tenant.name = "Acme International"
    tenant.generation = 2
    tenant.admin_name = "Somebody Else"
    assert tenant.up() == ["company", "admin", "agent", "gateway"]
    assert tenant.state["company"].id == before
    tenant.assert_exact()
    assert tenant.up() == []
    assert tenant.refresh() == []


def test_vanished_admin_and_keys_are_made_again(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    tenant_admin = tenant.state["admin"].id
    owner = {"X-Clearml-Impersonate-As": tenant_admin}
    key = tenant.state["agent"].properties["access_key"]
    emulator.data_of("auth.revoke_credentials", {"access_key": key}, headers=owner)
    assert tenant.refresh() == ["agent"]
    assert tenant.up() == ["agent"]
    tenant.assert_exact()


def test_changed_rules_are_put_back(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    somebody = {"X-Clearml-Act-As": tenant.state["admin"].id}
    emulator.data_of("login.set_domains", {"domains": ["elsewhere.example"]}, headers=somebody)
    emulator.data_of("login.remove_whitelist_entries", {"emails": ["ann@acme.example"]}, headers=somebody)
    assert tenant.refresh() == ["domains", "admins"]
    assert tenant.up() == ["domains", "admins"]
    tenant.assert_exact()


def test_entries_of_others_are_left_alone(tenant: Tenant, emulator: Emulator) -> None:
    """Somebody added a guest in the web interface."""
    tenant.up()
    somebody = {"X-Clearml-Act-As": tenant.state["admin"].id}
    emulator.data_of("login.add_whitelist_entries", {"emails": ["guest@x.example"]}, headers=somebody)
    assert tenant.refresh() == []
    tenant.users = ("dan@partner.example",)
    tenant.up()
    assert tenant.rules()[1] == {
        "ann@acme.example": "admin",
        "dan@partner.example": "user",
        "guest@x.example": "user",
    }
