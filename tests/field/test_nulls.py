"""By a null and by an empty list a chart's default is taken away: both arrive at the release's values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.kubernetes_plugin import VARIABLE, drops_nulls
from components.value_conflicts import load
from components.values.agent import agent_values
from components.values.gateway import gateway_values
from components.values.nulls import nulls, takes_away
from components.values.server import server_values
from settings.errors import ConfigurationError
from settings.models.workers.agent import Agent, Queue
from settings.models.workers.gateway import Gateway
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, project
from tests.unit.document import SECRETS, settings

# What the guides and the charts' production values write to take a default away, and what must stay as it is.
VALUES: dict[str, dict[str, Any]] = {
    "a null in a security context": {"podSecurityContext": {"fsGroup": None}},
    "an empty list": {"tolerations": []},
    "a null of a whole mapping": {"resources": None},
    "both, beside others": {"a": {"b": {"c": None, "d": 1}, "e": []}, "f": "x"},
    "a null in a list": {"env": [{"name": "A", "value": None}, {"name": "B"}]},
    "a null as an item": {"args": ["a", None, "b"]},
    "an empty list in a list": {"hosts": [{"host": "h", "paths": []}]},
    "a list in a list": {"rules": [[], [1]]},
    "a null among false, 0 and ''": {"a": {"b": None, "c": False, "d": 0, "e": "", "f": {}}},
    "none at all": {"a": {"b": [1, {"c": "d"}]}},
}


NULLS = {
    "a null in a security context": ["podSecurityContext.fsGroup"],
    "a null of a whole mapping": ["resources"],
    "both, beside others": ["a.b.c"],
    "a null in a list": ["env[0].value"],
    "a null as an item": ["args[1]"],
    "a null among false, 0 and ''": ["a.b"],
}


@pytest.mark.parametrize("case", VALUES)
def test_every_null_is_found(case: str) -> None:
    assert list(nulls(VALUES[case])) == NULLS.get(case, [])
    assert takes_away(VALUES[case]) is (case != "none at all")


def test_a_release_without_nulls_stays_as_it_is_in_the_state() -> None:
    stack = settings()
    agent = agent_values(Agent(queues={"q": Queue()}), stack, "s", "k", runs_applications=True)
    gateway = gateway_values(Gateway(host_name="router.acme.example"), stack, "k", "s")
    for values in (agent, gateway, server_values(stack, SECRETS)):
        assert not takes_away(values)


@pytest.mark.parametrize(("plugin", "drops"), [("4.25.0", True), ("4.29.9", True), ("4.30.0", False), ("5.0.0", False)])
def test_an_older_plugin_is_known(monkeypatch: pytest.MonkeyPatch, plugin: str, drops: bool) -> None:
    monkeypatch.setenv(VARIABLE, plugin)
    assert drops_nulls() is drops


def test_a_real_stack_s_plugin_is_the_package_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert not drops_nulls()


@pytest.mark.parametrize(
    ("edit", "key", "path"),
    [
        (
            ("agent:\n", "agent:\n  basePodTemplate: {podSecurityContext: {fsGroup: null}}\n"),
            "agent",
            "agentk8sglue.basePodTemplate.podSecurityContext.fsGroup",
        ),
        (("agent:\n", "agent:\n  extraValues: {resources: ~}\n"), "agent", "resources"),
        (
            ("{default: {}}", "{q: {queueSettings: {a: [{b: }]}}}"),
            "agent",
            "agentk8sglue.queues.q.queueSettings.a[0].b",
        ),
        (("gateway: {", "gateway: {extraValues: {nodeSelector: }, "), "gateway", "nodeSelector"),
        (("agent:\n", "agent:\n  fileMounts: [{name: a, x: null}]\n"), "agent", "agentk8sglue.fileMounts[0].x"),
    ],
)
def test_what_an_older_plugin_would_lose_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: tuple[str, str], key: str, path: str
) -> None:
    root = project(tmp_path, {ACME: TENANT.replace(*edit)})
    monkeypatch.setenv(VARIABLE, "4.34.2")
    load(root, "test")
    monkeypatch.setenv(VARIABLE, "4.25.0")
    with pytest.raises(ConfigurationError) as error:
        load(root, "test")
    assert f"{ACME}: acme: {key}: the chart's value {path} is null, which" in str(error.value)
    assert "\n" not in str(error.value)


def test_and_so_is_one_of_the_server_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = STACK.replace("    server:\n", "    server:\n      extraValues: {apiserver: {affinity: null}}\n")
    monkeypatch.setenv(VARIABLE, "4.25.0")
    with pytest.raises(ConfigurationError, match=r"stack\.server: the chart's value apiserver\.affinity is null"):
        load(project(tmp_path, {STACK_FILE: stack}), "test")


@pytest.mark.parametrize(
    ("asked", "arrives"),
    [
        ({"fileMounts": []}, {"fileMounts": []}),
        ({"completedPodDeletionDelayMinutes": None}, {"completedPodDeletionDelayMinutes": None}),
        ({"defaultContainerImage": None}, {"defaultContainerImage": None}),
        (
            {"basePodTemplate": {"podSecurityContext": {"fsGroup": None}, "tolerations": []}},
            {"basePodTemplate": {"podSecurityContext": {"fsGroup": None}, "tolerations": []}},
        ),
        ({"containerSecurityContext": {"runAsUser": None}}, {"containerSecurityContext": {"runAsUser": None}}),
        ({"basePodTemplate": {}}, {}),
    ],
)
def test_what_the_file_says_is_in_the_agent_s_values(asked: Mapping[str, Any], arrives: Mapping[str, Any]) -> None:
    plain = agent_values(_agent({}), settings(), "s", "k", runs_applications=True)["agentk8sglue"]
    found = agent_values(_agent(asked), settings(), "s", "k", runs_applications=True)["agentk8sglue"]
    assert {key: value for key, value in found.items() if key not in plain} == arrives


def test_a_queue_s_nulls_are_in_the_agent_s_values() -> None:
    queue: dict[str, Any] = {"templateOverrides": {"tolerations": [], "nodeSelector": None}}
    values = agent_values(_agent({"queues": {"q": queue}}), settings(), "s", "k", runs_applications=True)
    assert values["agentk8sglue"]["queues"]["q"] == queue


def _agent(asked: Mapping[str, Any]) -> Agent:
    return Agent.model_validate({"queues": {"q": {}}, **asked}, by_alias=True, by_name=False)
