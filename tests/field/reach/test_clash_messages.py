"""A free value that this program sets: the line names what to write in its place, if there is anything."""

from __future__ import annotations

from typing import Any

import pytest

from components.values.agent import agent_values
from components.values.extra import ClashError
from components.values.gateway import gateway_values
from settings.models.workers.agent import Agent
from settings.models.workers.gateway import Gateway
from tests.unit.document import settings


def _said(agent: dict[str, Any]) -> str:
    whole = Agent.model_validate({"queues": {"q": {}}, **agent}, by_alias=True, by_name=True)
    with pytest.raises(ClashError) as error:
        agent_values(whole, settings(), "s", "k", runs_applications=False, pull_secret="pull")
    return str(error.value)


@pytest.mark.parametrize("name", ["CLEARML_TENANTS_ACCESS_KEY", "CLEARML_TENANTS_SETTINGS"])
def test_what_restarts_a_pod_has_no_setting(name: str) -> None:
    said = _said({"extraEnvs": [{"name": name, "value": "x"}]})
    assert "change those" not in said
    assert "take it out here" in said


def test_what_restarts_a_gateway_has_none_either() -> None:
    variables = [{"name": "CLEARML_TENANTS_SETTINGS", "value": "x"}]
    gateway = Gateway.model_validate({"hostName": "r.example.com", "extraEnvs": variables}, by_alias=True)
    with pytest.raises(ClashError) as error:
        gateway_values(gateway, settings(), "k", "s")
    assert "change those" not in str(error.value)


def test_a_key_pair_is_rotated() -> None:
    assert "raise keyGeneration" in _said({"extraValues": {"clearml": {"existingAgentk8sglueSecret": "x"}}})


def test_a_login_at_a_registry_is_declared() -> None:
    said = _said({"extraValues": {"imageCredentials": {"extraImagePullSecrets": [{"name": "mine"}]}}})
    assert "logins under secrets" in said


@pytest.mark.parametrize(("key", "part"), [("api", "api"), ("web", "app")])
def test_an_address_is_server_urls(key: str, part: str) -> None:
    said = _said({"extraValues": {"agentk8sglue": {f"{key}ServerUrlReference": "https://x.example"}}})
    assert f"write serverUrls: {{{part}: …}}" in said
    assert "change those" not in said
