"""Limits of service accounts and applications: one call when they change, none when not, healed after a refresh."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components.clearml.features import FeaturesProvider
from settings.models.tenant import Tenant
from tests.api.declarations.environment import tenant
from tests.api.environment import Environment
from tests.api.faulty import KINDS, attempt, fault
from tests.emulator import Emulator, start_emulator
from tests.tenants import whole

_WRITE = "system.update_company_settings"
_ALL: dict[str, Any] = {
    "allowedServiceUsers": 5,
    "applications": {
        "maxRunning": 20,
        "categories": ["general", "AI dev"],
        "excludedCategories": ["beta"],
        "ids": ["hpo_app"],
    },
}
_STORED = {
    "allowed_service_users": 5,
    "max_running_apps": 20,
    "supported_application_categories": ["AI dev", "general"],
    "excluded_application_categories": ["beta"],
    "supported_application_ids": ["hpo_app"],
}


def _acme(**more: Any) -> Tenant:
    return tenant("acme", {**whole("acme"), **more})


def _stored(server: Emulator) -> dict[str, Any]:
    found: dict[str, Any] = server.state()["companies"][1]["settings"]
    return found


def _writes(server: Emulator) -> int:
    return [call["endpoint"] for call in server.calls()].count(_WRITE)


@pytest.fixture
def environment(emulator: Emulator) -> Environment:
    return Environment(emulator)


def test_all_go_in_one_call_when_they_are_made_and_none_after(environment: Environment, emulator: Emulator) -> None:
    environment.up([_acme(**_ALL)])
    assert _stored(emulator) == _STORED
    assert _writes(emulator) == 1
    emulator.clear_calls()
    assert environment.up([_acme(**_ALL)]) == []
    assert emulator.calls() == []


def test_tenant_without_any_is_neither_written_nor_read(environment: Environment, emulator: Emulator) -> None:
    environment.up([_acme()])
    assert {"system.company_info", _WRITE} & {call["endpoint"] for call in emulator.calls()} == set()
    assert "limits" not in environment.state["acme/features"].properties


@pytest.mark.parametrize(
    ("change", "stored"),
    [
        ({"allowedServiceUsers": 6}, {"allowed_service_users": 6}),
        ({"allowedServiceUsers": 0}, {"allowed_service_users": 0}),
        ({"applications": {**_ALL["applications"], "maxRunning": 1}}, {"max_running_apps": 1}),
        (
            {"applications": {**_ALL["applications"], "categories": ["AI dev"]}},
            {"supported_application_categories": ["AI dev"]},
        ),
        ({"applications": {**_ALL["applications"], "ids": ["a", "b"]}}, {"supported_application_ids": ["a", "b"]}),
        ({"applications": {**_ALL["applications"], "excludedCategories": []}}, {"excluded_application_categories": []}),
    ],
)
def test_each_changes_in_place_by_one_call(
    environment: Environment, emulator: Emulator, change: dict[str, Any], stored: dict[str, Any]
) -> None:
    environment.up([_acme(**_ALL)])
    emulator.clear_calls()
    assert environment.up([_acme(**{**_ALL, **change})]) == ["acme/features"]
    assert _stored(emulator) == {**_STORED, **stored}
    assert _writes(emulator) == 1


@pytest.mark.parametrize(
    "by_hand",
    [
        {"allowed_service_users": 50},
        {"max_running_apps": 1},
        {"supported_application_categories": []},
        {"excluded_application_categories": ["beta", "general"]},
        {"supported_application_ids": ["other"]},
    ],
)
def test_change_by_hand_is_put_back_after_a_refresh(
    environment: Environment, emulator: Emulator, by_hand: dict[str, Any]
) -> None:
    environment.up([_acme(**_ALL)])
    emulator.data_of(_WRITE, {"company": environment.state["acme/company"].id, **by_hand})
    environment.refresh()
    assert environment.up([_acme(**_ALL)]) == ["acme/features"]
    assert _stored(emulator) == _STORED
    environment.refresh()
    assert environment.up([_acme(**_ALL)]) == []


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"applications": _ALL["applications"]}, "put back allowedServiceUsers: 5, or"),
        (
            {**_ALL, "applications": {**_ALL["applications"], "maxRunning": None}},
            "put back applications.maxRunning: 20",
        ),
        (
            {**_ALL, "applications": {**_ALL["applications"], "categories": []}},
            r"put back applications.categories: \[AI dev, general\]",
        ),
        ({**_ALL, "applications": {**_ALL["applications"], "ids": []}}, r"put back applications.ids: \[hpo_app\]"),
        ({}, "allowedServiceUsers: 5, applications.maxRunning: 20, applications.categories"),
    ],
)
def test_limit_that_no_call_takes_back_is_told_in_the_preview(
    environment: Environment, kept: dict[str, Any], said: str
) -> None:
    environment.up([_acme(**_ALL)])
    with pytest.raises(AssertionError, match=said):
        environment.preview([_acme(**kept)])


def test_number_that_the_engine_has_made_a_float_is_no_change() -> None:
    olds = {"limits": {"max_running_apps": 20.0}}
    assert not FeaturesProvider().diff("", olds, {"limits": {"max_running_apps": 20}}).changes


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_goes_wrong_the_next_run_mends_it(environment: Environment, emulator: Emulator, kind: str) -> None:
    environment.up([_acme()])
    emulator.faults([fault(_WRITE, kind, 3)])
    attempt(lambda: environment.up([_acme(**_ALL)]))
    emulator.faults([])
    environment.up([_acme(**_ALL)])
    assert _stored(emulator) == _STORED
    assert environment.up([_acme(**_ALL)]) == []


def test_server_that_adds_to_a_list_is_told(tmp_path: Path) -> None:
    server = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps({"settings_lists_replace": False})})
    try:
        environment = Environment(server)
        environment.up([_acme(applications={"ids": ["a", "b"]})])
        line = attempt(lambda: environment.up([_acme(applications={"ids": ["a"]})]))
        assert line
        assert "accepted supported_application_ids = [a] but now says [a, b]" in line
    finally:
        server.stop()
