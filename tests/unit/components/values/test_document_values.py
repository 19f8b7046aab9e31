"""Each values block of the document is what some configuration deploys: the same names, the same values once read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyhocon import ConfigFactory

from components.values.agent import agent_values
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from settings.models.stack import StackSettings
from settings.models.workers.agent import Agent
from tests.unit.apiserver import environment
from tests.unit.document import SECRETS, STACK_KEYS, settings

BLOCKS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("document_values.yaml").read_text())
GROUP_ID = "6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10"
ALL_FEATURES = (
    "user_management, user_management_advanced, permissions, applications, app_management, queues, queue_management, "
    "data_management, config_vault, pipelines, reports, resource_dashboard, sso_management, service_users, "
    "resource_policy, model_serving, show_dashboard, show_model_view, show_projects"
)


def _group(name: str, features: str) -> dict[str, Any]:
    return {"id": GROUP_ID, "name": name, "features": features.split(", ")}


# What a stack says beside the least, by the block that it reproduces.
SAID: Mapping[str, Mapping[str, Any]] = {
    "ClearML Server": {},
    "Feature Control by User Group": {"groups": {"users": {"features": ["applications"]}}},
    "Global Features Limits": {"groups": {"users": {"features": ["applications"]}}},
    "Example Configuration": {
        "groups": {
            "my_group_name": _group(
                "My Group Name", "applications, experiments, queues, pipelines, reports, show_dashboard, show_projects"
            )
        }
    },
    "Configuring the Default 'users' Group": {"groups": {"users": {"features": []}}},
    "Enabling Features Globally": {"features": {"user_management_advanced": True}},
    "Granting All Features for Admins": {
        "features": {"user_management_advanced": True},
        "groups": {
            "admins": {"features": ALL_FEATURES.split(", ")},
            "my_group_name": _group("my_group_name", "reports, pipelines"),
        },
    },
    "Per-Tenant Applications Settings, Server": {
        "server": {**STACK_KEYS["server"], "queueMode": "per_tenant"}  # type: ignore[dict-item]
    },
}


def _values(stack: StackSettings) -> dict[str, Any]:
    given = {key: group.id for key, group in stack.groups.cross_tenant() if group.id}
    return server_values(stack, SECRETS, ProvisionedInputs(group_ids=given))


def _read(value: str) -> Any:
    """As the apiserver reads a variable's value."""
    return ConfigFactory.parse_string(f"a.b: {value}")["a.b"]


def _family(name: str) -> str:
    """What a block speaks of as a whole: a variable's name without its last part."""
    return name.rpartition("__")[0]


@pytest.mark.parametrize("title", SAID)
def test_a_block_is_reproduced(title: str) -> None:
    values, block = _values(settings(**SAID[title])), BLOCKS[title]
    if isinstance(block, list):
        block = {"apiserver": {"extraEnvs": block}}
    for part, content in block.items():
        for key, expected in content.items():
            if key != "extraEnvs":
                assert values[part][key] == expected
                continue
            assert part == "apiserver"
            families = {_family(entry["name"]) for entry in expected}
            ours = {name: value for name, value in environment(values, SECRETS).items() if _family(name) in families}
            assert list(ours) == [entry["name"] for entry in expected]
            assert [_read(value) for value in ours.values()] == [_read(entry["value"]) for entry in expected]


def test_the_agents_block_is_reproduced() -> None:
    stack = settings(**SAID["Per-Tenant Applications Settings, Server"])
    agent = Agent.model_validate({"queues": {"default": {}}})
    values = agent_values(agent, stack, "name", "ACCESS", runs_applications=True)
    expected = BLOCKS["Per-Tenant Applications Settings, Agent"]["agentk8sglue"]
    assert {key: values["agentk8sglue"][key] for key in expected} == expected


def test_no_block_is_left_out() -> None:
    assert [*SAID, "Per-Tenant Applications Settings, Agent"] == list(BLOCKS)
