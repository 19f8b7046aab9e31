"""A service account is made once, is an admin of its company, has the workers' keys, and goes with the tenant."""

from __future__ import annotations

from typing import Any

import pytest

from components.clearml.run.refusals import NotApplied, ServiceAccountRefused
from components.clearml.service_account.resource import ServiceAccountProvider
from tests.api.environment import Environment
from tests.api.faulty import attempt
from tests.api.service_account.tenants import ACCOUNT, ADMIN, KEYS, OWNERS, accounts, acme, as_admin, labels_by_owner
from tests.emulator import Emulator


@pytest.fixture
def environment(emulator: Emulator) -> Environment:
    return Environment(emulator)


def test_workers_have_keys_of_the_account_and_the_admin_has_none(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme()])
    (account,) = accounts(emulator)
    assert (account["name"], account["role"]) == (ACCOUNT, "admin")
    assert labels_by_owner(emulator) == {ACCOUNT: KEYS}
    assert emulator.state()["companies"][1]["settings"]["allow_service_user_admins"] is True
    key = environment.state["acme/agent-1"].properties
    user = emulator.data_of("users.get_current_user", auth=(key["access_key"], key["secret_key"]))["user"]
    assert (user["id"], user["role"]) == (account["id"], "admin")


def test_nothing_is_called_when_nothing_changed(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme()])
    emulator.clear_calls()
    assert environment.up([acme()]) == []
    assert emulator.calls() == []
    before = environment.saved().state
    environment.refresh()
    assert {name: each.properties for name, each in environment.state.items()} == {
        name: each.properties for name, each in before.items()
    }


def test_what_it_costs_to_make_one(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme()])
    said = [call["endpoint"] for call in emulator.calls()]
    first = said.index("users.get_service_users")
    assert said[first : said.index("auth.create_credentials")] == [
        "users.get_service_users",
        "auth.create_service_user",
        "auth.revoke_credentials",
        "system.company_info",
        "system.update_company_settings",
        "auth.edit_user",
        "users.get_service_users",
    ]


@pytest.mark.parametrize("enabled_first", [True, False])
def test_keys_move_before_those_of_before_are_revoked(
    environment: Environment, emulator: Emulator, enabled_first: bool
) -> None:
    """In both directions; what the workers run with until their releases are changed lives as long."""
    environment.up([acme(enabled=enabled_first)])
    emulator.clear_calls()
    environment.up([acme(enabled=not enabled_first)])
    assert labels_by_owner(emulator) == {ADMIN if enabled_first else ACCOUNT: KEYS}
    assert len(accounts(emulator)) == (not enabled_first)
    said = [call["endpoint"] for call in emulator.calls()]
    last_made = len(said) - said[::-1].index("auth.create_credentials")
    rest = said[last_made:]
    assert rest.count("auth.revoke_credentials") == len(KEYS)
    assert "auth.revoke_credentials" not in [each for each in said[:last_made] if enabled_first]


def test_rotation_is_that_of_any_key(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme()])
    environment.up([acme(generation=2)])
    assert labels_by_owner(emulator) == {ACCOUNT: ["local/acme/agent/2", "local/acme/gateway/1"]}


def test_another_answer_about_owners_is_another_account(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme()])
    environment.up([acme(run_as_owner=True)])
    assert [each["name"] for each in accounts(emulator)] == [OWNERS]
    assert labels_by_owner(emulator) == {OWNERS: KEYS}
    shown = emulator.data_of("users.get_service_users", headers=as_admin(emulator))["users"]
    assert [each["allow_running_as_owner"] for each in shown] == [True]


def test_account_goes_with_its_tenant(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme()])
    environment.up([])
    assert accounts(emulator) == []
    assert labels_by_owner(emulator) == {}


def test_tenant_that_is_added_again_finds_its_company(environment: Environment, emulator: Emulator) -> None:
    """The profile of the deleted account is still listed among the company's users."""
    environment.up([acme()])
    company = environment.state["acme/company"].id
    environment.up([])
    environment.up([acme()])
    assert environment.state["acme/company"].id == company
    assert labels_by_owner(emulator) == {ACCOUNT: KEYS}


def test_lost_state_finds_account_and_company(emulator: Emulator) -> None:
    Environment(emulator).up([acme()])
    (before,) = accounts(emulator)
    again = Environment(emulator)
    again.up([acme()])
    assert accounts(emulator) == [before]
    assert again.state["acme/account"].id == before["id"]
    assert labels_by_owner(emulator) == {ACCOUNT: KEYS}


def test_renamed_file_has_one_account(environment: Environment, emulator: Emulator) -> None:
    """The new file's account is made while that of before is there; its company is the same."""
    environment.up([acme()])
    renamed = acme().model_copy(update={"name": "acme-new"})
    environment.up([renamed])
    assert [each["name"] for each in accounts(emulator)] == ["local/acme-new/workers"]
    assert list(labels_by_owner(emulator)) == ["local/acme-new/workers"]


def test_account_that_was_deleted_by_hand_is_made_again(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme()])
    emulator.data_of("auth.delete_user", {"user": accounts(emulator)[0]["id"]}, headers=as_admin(emulator))
    environment.refresh()
    assert environment.up([acme()]) == ["acme/account", "acme/agent-1", "acme/gateway-1"]
    assert labels_by_owner(emulator) == {ACCOUNT: KEYS}


def test_account_that_lost_its_role_gets_it_back(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme()])
    body = {"user": accounts(emulator)[0]["id"], "role": "user"}
    emulator.data_of("auth.edit_user", body, headers=as_admin(emulator))
    environment.refresh()
    assert environment.up([acme()]) == ["acme/account"]
    assert accounts(emulator)[0]["role"] == "admin"


def test_keys_that_people_made_of_it_stay_when_it_is_taken_over(emulator: Emulator) -> None:
    Environment(emulator).up([acme()])
    owner = {"X-Clearml-Impersonate-As": accounts(emulator)[0]["id"]}
    emulator.data_of("auth.create_credentials", {"label": "laptop of Ann"}, headers=owner)
    Environment(emulator).up([acme()])
    assert labels_by_owner(emulator) == {ACCOUNT: ["laptop of Ann", *KEYS]}


def test_account_of_people_is_nobody_of_ours(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme(enabled=False)])
    emulator.data_of("auth.create_service_user", {"name": "acme/workers"}, headers=as_admin(emulator))
    environment.up([acme()])
    assert sorted(each["name"] for each in accounts(emulator)) == ["acme/workers", ACCOUNT]
    environment.up([])
    assert [each["name"] for each in accounts(emulator)] == ["acme/workers"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"features": []}, "add service_users to the tenant's features"),
        ({"features": ["service_users"], "excludeFeatures": []}, None),
    ],
)
def test_company_without_the_feature_is_told(
    environment: Environment, content: dict[str, Any], said: str | None
) -> None:
    if said is None:
        environment.up([acme(**content)])
        return
    with pytest.raises(ServiceAccountRefused, match=said):
        environment.up([acme(**content)])


def test_account_that_somebody_edited_is_told(emulator: Emulator) -> None:
    """No call is known that changes whether it runs tasks as their owners."""
    environment = Environment(emulator)
    environment.up([acme(enabled=False)])
    body = {"name": ACCOUNT, "allow_running_as_owner": True}
    emulator.data_of("auth.create_service_user", body, headers=as_admin(emulator))
    line = attempt(lambda: environment.up([acme()]))
    assert line
    assert line.startswith(f"service account {ACCOUNT} ")
    assert "allow_running_as_owner" in line


def test_refused_update_is_one_line(environment: Environment, emulator: Emulator) -> None:
    environment.up([acme()])
    props = dict(environment.state["acme/account"].properties)
    provider = environment._connected(ServiceAccountProvider)
    emulator.data_of("auth.delete_user", {"user": accounts(emulator)[0]["id"]}, headers=as_admin(emulator))
    with pytest.raises(NotApplied, match="that there is no such account"):
        provider.update(environment.state["acme/account"].id, props, props)
