"""What becomes of field values: cast as the real server's library casts them, unknown ones ignored."""

from __future__ import annotations

import pytest

from tests.emulator import Emulator
from tests.local.tenants import fault_of, message_of, new_tenant


@pytest.fixture
def api(shared_emulator: Emulator) -> Emulator:
    return shared_emulator


@pytest.mark.parametrize(
    ("value", "internal"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("false", True),
        ("", False),
        (0, False),
        (None, False),
        ([], False),
    ],
)
def test_booleans_are_what_python_finds_true(api: Emulator, value: object, internal: bool) -> None:
    user = new_tenant(api).add_user(internal=value)
    assert next(each for each in api.state()["users"] if each["id"] == user)["internal"] is internal


@pytest.mark.parametrize(("value", "stored"), [(10, 10), ("10", 10), (10.9, 10), (True, 1)])
def test_integers_may_be_numeric_strings(api: Emulator, value: object, stored: int) -> None:
    tenant = new_tenant(api)
    api.data_of("system.update_company_settings", {"company": tenant.company, "allowed_users": value})
    assert api.data_of("system.company_info", {"company": tenant.company})["defaults"]["allowed_users"] == stored


@pytest.mark.parametrize("value", ["ten", "1.5", [], {}])
def test_what_is_no_integer_is_refused(api: Emulator, value: object) -> None:
    body = {"company": new_tenant(api).company, "allowed_users": value}
    assert fault_of(api.call("system.update_company_settings", body)) == (400, 12)


def test_a_missing_field_is_named(api: Emulator) -> None:
    response = api.call("system.create_company", {})
    assert fault_of(response) == (400, 12)
    assert message_of(response) == "Validation error (error for field 'name'. field is required!)"


def test_a_number_is_no_string(api: Emulator) -> None:
    response = api.call("system.create_company", {"name": 5})
    assert fault_of(response) == (400, 12)
    expected = "Validation error (error for field 'name': ('value is wrong, expected type \"str\"', 5))"
    assert message_of(response) == expected


def test_an_empty_string_is_there(api: Emulator) -> None:
    body = {"name": "", "company": new_tenant(api).company, "email": "nameless@example.com"}
    assert api.call("auth.create_user", body).status_code == 200


def test_unknown_fields_are_ignored_and_do_nothing(api: Emulator) -> None:
    tenant = new_tenant(api)
    body = {"company": tenant.company, "exclude_feature": ["reports"]}
    assert api.data_of("system.update_company_settings", body) == {"updated": 0}
    assert "exclude_features" not in api.data_of("system.company_info", {"company": tenant.company})["defaults"]


@pytest.mark.parametrize("value", [5, True])
def test_what_cannot_be_gone_through_is_no_list(api: Emulator, value: object) -> None:
    body = {"company": new_tenant(api).company, "features": value}
    assert fault_of(api.call("system.update_company_settings", body)) == (400, 12)


def test_lists_hold_strings_only(api: Emulator) -> None:
    body = {"company": new_tenant(api).company, "features": ["reports", 5]}
    response = api.call("system.update_company_settings", body)
    assert fault_of(response) == (400, 12)
    assert 'all items must be instances of "str", and not "int".' in message_of(response)


def test_a_role_that_is_none_is_refused(api: Emulator) -> None:
    body = {"name": "x", "company": new_tenant(api).company, "email": "x@roles.example.com"}
    for role in ("owner", "system", "root", "consumer"):
        assert fault_of(api.call("auth.create_user", {**body, "role": role})) == (400, 12)
