"""The policies of a tenant say together what those of earlier versions said, one a purpose: no way more, none less."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from components.values.policies import policies
from settings.loading.load import load
from settings.types.naming import DEFAULT_DENY, EVERY_POD, ISOLATION_PARTS, NETWORK_POLICY
from tests.api.recorded import STATES, released, resources
from tests.api.stack import STACK
from tests.unit.asked import load_project
from tests.unit.components.isolation.test_reach import FILES

Spec = Mapping[str, Any]


def ways(specs: Iterable[Spec]) -> set[str]:
    """All that Kubernetes makes of them: which pods are closed which way, and each rule that opens for which pods."""
    return {json.dumps(each, sort_keys=True) for each in _ways(specs)}


def _ways(specs: Iterable[Spec]) -> Iterator[tuple[Any, ...]]:
    for spec in specs:
        for way in spec["policyTypes"]:
            yield spec["podSelector"], way
            yield from ((spec["podSelector"], way, rule) for rule in spec.get(way.lower()) or ())


@pytest.mark.parametrize("version", released())
def test_they_say_what_a_released_version_said(version: str) -> None:
    kept = [each["inputs"] for each in resources(version) if each["type"] == NETWORK_POLICY]
    environment = load(STATES / version, STACK)
    for tenant in environment.tenants:
        before = [each["spec"] for each in kept if each["metadata"]["namespace"] == tenant.namespace]
        assert before
        assert ways(policies(tenant, environment.stack).specs.values()) == ways(before)


def test_as_few_as_there_are_sets_of_pods_and_one_that_opens_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is listed: what closes stays apart, so that no edit of a list ever touches it."""
    environment = load_project(tmp_path_factory.mktemp("project"), FILES)
    acme = environment.tenants[0]
    found = policies(acme, environment.stack).specs
    assert [*found] == [DEFAULT_DENY, EVERY_POD, "kubernetes-api", "gateway", "gateway-lab"]
    assert not {"ingress", "egress"} & found[DEFAULT_DENY].keys()
    assert len({str(each["podSelector"]) for each in found.values()}) == len(found) - 1


def test_each_rule_of_the_joined_policy_says_why(tmp_path_factory: pytest.TempPathFactory) -> None:
    environment = load_project(tmp_path_factory.mktemp("project"), FILES)
    acme = environment.tenants[0]
    found, why = policies(acme, environment.stack).specs[EVERY_POD], policies(acme, environment.stack).reasons
    assert why.keys() == {EVERY_POD}
    assert why[EVERY_POD].splitlines() == [
        "ingress[0]: own namespace",
        "ingress[1]: 198.51.100.0/24 8888",
        "ingress[2]: gamma 8888",
        "ingress[3]: monitoring 9100-9110: metrics of GPUs",
        "egress[0]: own namespace",
        "egress[1]: dns",
        "egress[2]: clearml",
        "egress[3]: clearml",
        "egress[4]: clearml",
        "egress[5]: registry 5000: our images",
        "egress[6]: 198.51.100.0/24 443",
    ]
    assert (len(found["ingress"]), len(found["egress"])) == (4, 7)
    assert found["ingress"][3]["ports"] == [{"protocol": "TCP", "port": 9100, "endPort": 9110}]
    assert found["egress"][5]["ports"] == [{"protocol": "TCP", "port": 5000}]


def test_a_takeover_finds_those_of_earlier_versions() -> None:
    """After a lost state: it takes them in, and the next run deletes them."""
    assert ISOLATION_PARTS[NETWORK_POLICY] >= {"own-namespace", "dns", "clearml", "listed", "sources"}
