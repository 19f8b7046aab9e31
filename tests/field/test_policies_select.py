"""The tenant's policies select the agent's pods as the public chart labels them."""

from __future__ import annotations

from typing import Any

import pytest

from components.values.agent import agent_values
from components.values.policies import policies
from settings.models.workers.agent import Agent, Queue
from tests.api.declarations.environment import tenant
from tests.unit.components.isolation.network_policy import selected
from tests.unit.document import settings

CHART = "clearml-enterprise-agent"


def _values(release: str | None, **extra: Any) -> dict[str, Any]:
    agent = Agent(queues={"q": Queue()}, extra_values=extra)
    return agent_values(agent, settings(), "s", "k", runs_applications=False, full_name=release)


def _instance(release: str, values: dict[str, Any]) -> str:
    """The rule of the public chart's helpers: what it writes into `app.kubernetes.io/instance` of the agent's pods."""
    override = values.get("fullnameOverride")
    name = release if CHART in release else f"{release}-{CHART}"
    return str(override or name)[:63].rstrip("-")


@pytest.mark.parametrize("release", ["acme-agent", "acme-agent-gpu", "a" * 40 + "-agent", "x-clearml-enterprise-agent"])
def test_the_label_is_the_release_s_name(release: str) -> None:
    assert _instance(release, _values(release)) == release


def test_the_policy_asks_for_that_name() -> None:
    content = {
        "company": "Acme",
        "admin": {"name": "Ann", "email": "admin@acme.example"},
        "agent": {"queues": {"q": {}}},
        "agents": {"gpu": {"queues": {"gpu": {}}}},
    }
    acme = tenant("acme", content)
    selector = str(policies(acme, settings()).specs["kubernetes-api"]["podSelector"])
    for use in acme.all_agents:
        release = acme.release_of(use)
        assert _instance(release, _values(release)) in selector


@pytest.mark.parametrize("own", ["mine", "a" * 70, "a" * 62 + "-b", "acme-agent", "x-clearml-enterprise-agent"])
@pytest.mark.parametrize("use", ["agent", "agent-gpu", "gateway"])
def test_who_names_the_objects_otherwise_may(own: str, use: str) -> None:
    """The chart writes that name on the pods, and the policies follow; the agent reached no Kubernetes API."""
    free = {"extraValues": {"fullnameOverride": own, "nameOverride": "other"}}
    content = {
        "company": "Acme",
        "admin": {"name": "Ann", "email": "admin@acme.example"},
        "agent": {"queues": {"q": {}}, **(free if use == "agent" else {})},
        "agents": {"gpu": {"queues": {"gpu": {}}, **(free if use == "agent-gpu" else {})}},
        "gateway": {"hostName": "router.acme.example", **(free if use == "gateway" else {})},
    }
    acme = tenant("acme", content)
    release = acme.release_of(use)
    assert _values(release, fullnameOverride=own)["fullnameOverride"] == own
    specs = policies(acme, settings()).specs
    selector = specs["gateway" if use == "gateway" else "kubernetes-api"]["podSelector"]
    labels = {"app.kubernetes.io/instance": _instance(release, {"fullnameOverride": own})}
    assert selected(selector, labels)
    assert selected(selector, {"app.kubernetes.io/instance": release})
    assert not selected(selector, {"app.kubernetes.io/instance": "other"})


def test_a_folder_s_chart_stays_as_it_is_in_the_state() -> None:
    assert "fullnameOverride" not in _values(None)
