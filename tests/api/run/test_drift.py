"""What somebody changed or took away by hand: seen by a refresh, put right by the next run, or told as an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.clearml.run.company_refusals import CompanyVanished
from tests.api.runs import Tenant
from tests.emulator import Emulator, start_emulator


def _as_admin(tenant: Tenant) -> dict[str, str]:
    return {"X-Clearml-Impersonate-As": tenant.state["admin"].id}


def _converges(tenant: Tenant) -> None:
    """The next run leaves exactly what is declared, and nothing to do."""
    tenant.up()
    tenant.assert_exact()
    assert tenant.refresh() == []
    assert tenant.up() == []


def test_company_renamed_by_hand_gets_its_name_back(tenant: Tenant, emulator: Emulator) -> None:
    tenant.up()
    company = tenant.state["company"].id
    emulator.data_of("organization.update_company_name", {"new_name": "Mallory Ltd."}, headers=_as_admin(tenant))
    assert tenant.refresh() == ["company"]
    assert tenant.up() == ["company"]
    assert tenant.state["company"].id == company
    _converges(tenant)


@pytest.mark.parametrize("label", ["something else", ""])
def test_key_relabelled_by_hand_is_replaced(tenant: Tenant, emulator: Emulator, label: str) -> None:
    """What it is for is no longer told by it: another one is made, and it is revoked."""
    tenant.up()
    relabelled = tenant.state["agent"].id
    body = {"access_key": relabelled, "label": label}
    emulator.data_of("auth.edit_credentials", body, headers=_as_admin(tenant))
    assert tenant.refresh() == ["agent"]
    assert tenant.up() == ["agent"]
    assert tenant.state["agent"].id != relabelled
    _converges(tenant)


def test_deleted_admin_is_made_again(tenant: Tenant, emulator: Emulator) -> None:
    """With its keys; company and rules are those there were."""
    tenant.up()
    company, deleted = tenant.state["company"].id, tenant.state["admin"].id
    others = emulator.data_of("auth.create_user", {"name": "Ops", "company": company, "email": "ops@acme.example"})
    emulator.data_of("auth.delete_user", {"user": deleted}, headers={"X-Clearml-Act-As": others["id"]})
    assert "admin" in tenant.refresh()
    tenant.up()
    assert tenant.state["company"].id == company
    assert tenant.state["admin"].id != deleted
    assert sorted(tenant.members()) == sorted([tenant.email, "ops@acme.example"])
    assert {label: len(held) for label, held in tenant.keys().items()} == {
        "test/acme/agent/1": 1,
        "test/acme/gateway/1": 1,
    }
    assert tenant.refresh() == []
    assert tenant.up() == []


def test_company_deleted_behind_our_back_is_an_error(tmp_path: Path) -> None:
    """Softly, by the newer server's call: never a new company in its place."""
    emulator = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": '{"new_server": true}'})
    try:
        tenant = Tenant(emulator)
        tenant.up()
        company = tenant.state["company"].id
        emulator.data_of("tenants.delete_tenant", {"tenant": company, "name": tenant.name, "force": True})
        with pytest.raises(CompanyVanished, match=f"id {company}.*restore it from a backup"):
            tenant.refresh()
        assert tenant.companies() == [company]
    finally:
        emulator.stop()
