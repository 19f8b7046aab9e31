"""Who sees the running applications of a tenant: written whole, read back, healed, and left as it is at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from settings.models.tenant import Tenant
from tests.api.declarations.environment import tenant
from tests.api.environment import Environment
from tests.api.faulty import KINDS, attempt, fault
from tests.emulator import Emulator, start_emulator
from tests.tenants import whole

_WRITE = "system.update_company_app_instance_access"
_READ = "system.get_company_app_instance_access"
_RULES: dict[str, Any] = {
    "allowed": "owner",
    "adminsSeeAll": True,
    "applications": {"hpo_app": "groups", "a/b": "all"},
    "categories": {"AI dev": "all"},
}
_STORED = {
    "allowed": "owner",
    "admin_access_all": True,
    "applications": {"hpo_app": {"allowed": "groups"}, "a/b": {"allowed": "all"}},
    "categories": {"AI dev": {"allowed": "all"}},
}


def _acme(rules: dict[str, Any] | None = None) -> Tenant:
    return tenant("acme", {**whole("acme"), "applications": {"visibility": rules or {}}})


def _stored(environment: Environment) -> dict[str, Any]:
    body = {"company": environment.emulator.state()["companies"][1]["id"]}
    found: dict[str, Any] = environment.emulator.data_of(_READ, body)["app_instance_access"]
    return found


def _by_hand(environment: Environment, rules: dict[str, Any]) -> None:
    body = {"company": environment.state["acme/company"].id, "app_instance_access": rules}
    environment.emulator.data_of(_WRITE, body)


@pytest.fixture
def environment(emulator: Emulator) -> Environment:
    return Environment(emulator)


def test_written_once_and_then_left_alone(environment: Environment, emulator: Emulator) -> None:
    environment.up([_acme(_RULES)])
    assert _stored(environment) == _STORED
    said = [call["endpoint"] for call in emulator.calls()]
    assert said.count(_WRITE) == 1
    emulator.clear_calls()
    assert environment.up([_acme(_RULES)]) == []
    assert emulator.calls() == []
    environment.refresh()
    assert environment.up([_acme(_RULES)]) == []


def test_tenant_that_says_nothing_is_neither_written_nor_read(environment: Environment, emulator: Emulator) -> None:
    environment.up([_acme()])
    assert {_READ, _WRITE} & {call["endpoint"] for call in emulator.calls()} == set()


def test_what_somebody_else_decided_stays(environment: Environment) -> None:
    """The call may replace all rules that are there."""
    environment.up([_acme({"allowed": "owner"})])
    _by_hand(environment, {"allowed": "owner", "applications": {"theirs": {"allowed": "groups"}}})
    environment.up([_acme({"allowed": "all"})])
    assert _stored(environment) == {"allowed": "all", "applications": {"theirs": {"allowed": "groups"}}}


@pytest.mark.parametrize(
    ("after", "stored"),
    [
        ({**_RULES, "allowed": "all"}, {**_STORED, "allowed": "all"}),
        ({**_RULES, "adminsSeeAll": False}, {**_STORED, "admin_access_all": False}),
        ({**_RULES, "categories": {}}, {name: each for name, each in _STORED.items() if name != "categories"}),
        ({"allowed": "groups"}, {"allowed": "groups"}),
        ({"applications": {"hpo_app": "owner"}}, {"applications": {"hpo_app": {"allowed": "owner"}}}),
    ],
)
def test_changed_in_place(environment: Environment, after: dict[str, Any], stored: dict[str, Any]) -> None:
    environment.up([_acme(_RULES)])
    assert environment.up([_acme(after)]) == ["acme/access"]
    assert _stored(environment) == stored


@pytest.mark.parametrize(
    "by_hand",
    [
        {**_STORED, "allowed": "all"},
        {**_STORED, "admin_access_all": False},
        {"allowed": "owner"},
        {**_STORED, "applications": {"hpo_app": {"allowed": "all"}}},
        {},
    ],
)
def test_change_by_hand_is_put_back_after_a_refresh(environment: Environment, by_hand: dict[str, Any]) -> None:
    environment.up([_acme(_RULES)])
    _by_hand(environment, by_hand)
    environment.refresh()
    assert environment.up([_acme(_RULES)]) == ["acme/access"]
    assert _stored(environment) == _STORED


def test_rule_of_people_is_no_drift(environment: Environment) -> None:
    environment.up([_acme({"allowed": "owner"})])
    _by_hand(environment, {"allowed": "owner", "applications": {"theirs": {"allowed": "all"}}})
    environment.refresh()
    assert environment.up([_acme({"allowed": "owner"})]) == []


def test_no_longer_declared_it_stays_and_that_is_said(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.up([_acme({"allowed": "owner"})])
    assert environment.up([_acme()]) == ["acme/access"]
    assert _stored(environment) == {"allowed": "owner"}
    assert "keeps who sees its applications: allowed = owner" in capsys.readouterr().out


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("endpoint", [_WRITE, _READ])
def test_whatever_goes_wrong_the_next_run_mends_it(environment: Environment, endpoint: str, kind: str) -> None:
    environment.up([_acme()])
    environment.emulator.faults([fault(endpoint, kind, 3)])
    attempt(lambda: environment.up([_acme(_RULES)]))
    environment.emulator.faults([])
    environment.up([_acme(_RULES)])
    assert _stored(environment) == _STORED
    assert environment.up([_acme(_RULES)]) == []


def test_server_that_takes_no_rule_back_is_told(tmp_path: Path) -> None:
    assumed = {"app_instance_access_replaces": False}
    server = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps(assumed)})
    try:
        environment = Environment(server)
        environment.up([_acme(_RULES)])
        line = attempt(lambda: environment.up([_acme({**_RULES, "applications": {"a/b": "all"}})]))
        assert line
        assert "applications/hpo_app = unset but now says groups (this server takes no rule back; write an" in line
        environment.up([_acme({**_RULES, "applications": {"a/b": "all", "hpo_app": "all"}})])
    finally:
        server.stop()


def test_wrong_word_is_refused_by_the_server_too(environment: Environment) -> None:
    environment.up([_acme({"allowed": "owner"})])
    body = {"company": environment.state["acme/company"].id, "app_instance_access": {"allowed": "everybody"}}
    assert environment.emulator.call(_WRITE, body).status_code == 400
