"""Groups reach the apiserver as the document writes them, and a group keeps its id through every change."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.groups import group_ids
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from settings.models.groups import Groups
from tests.unit.deployment import Monitor, finished, inputs, start
from tests.unit.document import SECRETS, settings

PREFIX = "CLEARML__services__auth__default_groups__"
UUID = "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10"
RANDOM = "random:index/randomUuid:RandomUuid"


def _groups(**groups: dict[str, Any]) -> Groups:
    return Groups.model_validate(groups, by_alias=True, by_name=False)


def _entries(groups: dict[str, Any], **ids: str) -> list[tuple[str, str]]:
    values = server_values(settings(groups=groups), SECRETS, ProvisionedInputs(group_ids=ids))
    entries = [entry for entry in values["apiserver"]["extraEnvs"] if entry["name"].startswith(PREFIX)]
    return [(entry["name"].removeprefix(PREFIX), entry["value"]) for entry in entries]


@pytest.mark.parametrize("features", [[], ["applications"], ["applications", "reports"]])
@pytest.mark.parametrize("key", ["users", "admins", "queue_admins"])
def test_a_built_in_group_has_just_its_features(key: str, features: list[str]) -> None:
    assert _entries({key: {"features": features}}) == [(f"{key}__features", json.dumps(features))]


def test_a_cross_tenant_group_has_all_five_properties_and_is_never_the_systems() -> None:
    group = {"name": "Data Scientists", "features": ["pipelines", "reports"], "assignable": True}
    assert _entries({"data_scientists": group}, data_scientists=UUID) == [
        ("data_scientists__id", f'"{UUID}"'),
        ("data_scientists__name", '"Data Scientists"'),
        ("data_scientists__features", '["pipelines", "reports"]'),
        ("data_scientists__assignable", "true"),
        ("data_scientists__system", "false"),
    ]


def _ids(groups: Groups) -> tuple[dict[str, pulumi.Input[str]], Monitor]:
    monitor, found = start(), {}
    finished(lambda: found.update(group_ids(groups, pulumi.ResourceOptions())))
    return found, monitor


def test_a_given_id_is_used_and_none_is_made() -> None:
    ids, monitor = _ids(_groups(team={"id": UUID.upper(), "name": "Team", "features": []}))
    assert ids == {"team": UUID}
    assert monitor.of_type(RANDOM) == []


def test_a_made_id_is_protected_and_hangs_on_the_groups_key_alone() -> None:
    _, before = _ids(_groups(team={"name": "Team", "features": []}, other={"name": "Other", "features": []}))
    _, after = _ids(_groups(team={"name": "Renamed", "features": ["reports"], "assignable": True}))
    for monitor in (before, after):
        made = monitor.one(RANDOM, "group-team")
        assert made.protect
        assert inputs(made) == {}


def test_built_in_groups_need_no_id() -> None:
    ids, monitor = _ids(_groups(users={"features": []}))
    assert ids == {}
    assert monitor.of_type(RANDOM) == []
