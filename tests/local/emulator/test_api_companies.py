"""Companies: made, found, changed in place, renamed; names that are short or taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.emulator import DEFAULT_COMPANY, Emulator, start_emulator
from tests.local.tenants import fault_of, message_of, new_tenant

_RENAME = "organization.update_company_name"


@pytest.fixture
def api(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


def test_the_default_company_is_there(api: Emulator) -> None:
    found = api.data_of("system.get_companies", {"name": "CLEARML"})["companies"]
    assert found == [{"id": DEFAULT_COMPANY, "name": "clearml", "active": True}]


def test_companies_are_found_by_name_and_by_pattern(api: Emulator) -> None:
    tenant = new_tenant(api)
    by_name = api.data_of("system.get_companies", {"name": tenant.name.upper()})["companies"]
    assert [each["id"] for each in by_name] == [tenant.company]
    assert api.data_of("system.get_companies", {"name": tenant.name[:-1] + "x"})["companies"] == []
    assert len(api.data_of("system.get_companies", {"name_pattern": "^tenant-"})["companies"]) >= 1
    assert fault_of(api.call("system.get_companies", {"name_pattern": "("})) == (400, 21)


def test_the_count_of_users_comes_on_request(api: Emulator) -> None:
    tenant = new_tenant(api)
    tenant.add_user()
    body = {"name": tenant.name, "custom_data": {"users": True}}
    (found,) = api.data_of("system.get_companies", body)["companies"]
    assert found["custom_data"] == {"users": 2}


@pytest.mark.parametrize("name", ["ab", "  ab  ", ""])
def test_a_name_has_three_characters(api: Emulator, name: str) -> None:
    assert fault_of(api.call("system.create_company", {"name": name})) == (400, 800)


def test_a_taken_name_is_refused_under_unique_names(api: Emulator) -> None:
    name = new_tenant(api).name
    response = api.call("system.create_company", {"name": f" {name.upper()} "})
    assert fault_of(response) == (400, 801)
    assert message_of(response).startswith("Value combination already exists")


def test_without_unique_names_a_second_company_is_made(tmp_path: Path) -> None:
    api = start_emulator(tmp_path, {"CLEARML__apiserver__company__unique_names": None})
    ids = {api.data_of("system.create_company", {"name": "Twin"})["id"] for _ in range(2)}
    assert len(ids) == 2
    api.stop()


def test_settings_change_in_place_and_are_read_back(api: Emulator) -> None:
    company = new_tenant(api).company
    first = {"features": ["reports", "pipelines"], "exclude_features": ["queues"], "allowed_users": 5}
    api.data_of("system.update_company_settings", {"company": company, **first})
    api.data_of("system.update_company_settings", {"company": company, "features": ["reports"]})
    seen = api.data_of("system.company_info", {"company": company})
    assert seen["defaults"] == {**first, "features": ["reports"]}
    assert (seen["id"], seen["active"], seen["services"]) == (company, True, [])


def test_an_unknown_company_is_400(api: Emulator) -> None:
    for endpoint in ("system.company_info", "system.update_company_settings"):
        response = api.call(endpoint, {"company": "nowhere"})
        assert (fault_of(response), message_of(response)) == ((400, 10), "Invalid object id: company=nowhere")


def test_company_info_is_about_the_company_in_effect_by_default(api: Emulator) -> None:
    tenant = new_tenant(api)
    assert tenant.act("system.company_info")["id"] == tenant.company
    assert api.data_of("system.company_info")["id"] == DEFAULT_COMPANY


def test_an_unknown_feature_is_refused_and_changes_nothing(api: Emulator) -> None:
    company = new_tenant(api).company
    body = {"company": company, "allowed_users": 3, "features": ["reports", "repots"]}
    response = api.call("system.update_company_settings", body)
    assert fault_of(response) == (400, 12)
    assert "repots" in message_of(response)
    assert api.data_of("system.company_info", {"company": company})["defaults"] == {}


def test_a_company_is_renamed_by_its_own_admin(api: Emulator) -> None:
    tenant, other = new_tenant(api), new_tenant(api)
    assert tenant.be(_RENAME, {"new_name": f"{tenant.name}-new"}) == {"updated": 1}
    assert api.data_of("system.company_info", {"company": tenant.company})["name"] == f"{tenant.name}-new"
    as_admin = {"X-Clearml-Impersonate-As": tenant.admin}
    assert fault_of(api.call(_RENAME, {"new_name": other.name}, headers=as_admin)) == (400, 801)
    assert fault_of(api.call(_RENAME, {"new_name": "xy"}, headers=as_admin)) == (400, 800)
    elsewhere = {"company": other.company, "new_name": "Stolen"}
    assert fault_of(api.call(_RENAME, elsewhere, headers=as_admin)) == (400, 13)


def test_a_system_key_may_not_rename(api: Emulator) -> None:
    acting = {"X-Clearml-Act-As": new_tenant(api).admin}
    assert fault_of(api.call(_RENAME, {"new_name": "By System"}, headers=acting)) == (403, 20)


@pytest.mark.parametrize(("assumed", "impersonating", "acting"), [("never", 403, 403), ("always", 200, 200)])
def test_whether_a_system_key_renames_is_an_assumption(
    tmp_path: Path, assumed: str, impersonating: int, acting: int
) -> None:
    api = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps({"system_may_rename_company": assumed})})
    tenant = new_tenant(api)
    as_admin, for_admin = {"X-Clearml-Impersonate-As": tenant.admin}, {"X-Clearml-Act-As": tenant.admin}
    assert api.call(_RENAME, {"new_name": "First"}, headers=as_admin).status_code == impersonating
    assert api.call(_RENAME, {"new_name": "Second"}, headers=for_admin).status_code == acting
    assert api.call(_RENAME, {"new_name": "Third"}, auth=tenant.key()).status_code == 200
    api.stop()


def test_queues_are_made_in_the_company_in_effect_once_a_name(api: Emulator) -> None:
    tenant, other = new_tenant(api), new_tenant(api)
    assert tenant.be("queues.create", {"name": "gpu"})["id"] != other.be("queues.create", {"name": "gpu"})["id"]
    again = api.call("queues.create", {"name": "gpu"}, headers={"X-Clearml-Impersonate-As": tenant.admin})
    assert fault_of(again) == (400, 801)


def test_a_company_is_tied_to_an_identity_providers_tenant(api: Emulator) -> None:
    tenant = new_tenant(api)
    sso = {"tenant": "ext-1", "group_mapping": {"ops": "admins"}, "admin_groups": ["ops"]}
    sent = {"company": tenant.company, "sso": {**sso, "misspelt": True}}
    assert api.data_of("system.update_company_sso_config", sent) == {}
    assert next(each for each in api.state()["sso"] if each["company"] == tenant.company)["config"] == sso
    assert api.data_of("system.company_info", {"company": tenant.company})["defaults"]["sso"] == sso
