"""Who is let in: monitoring of GPUs, an SSH session on a task's port, a queue of another system that calls back."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.values.policies import policies
from settings.loading.load import Environment
from settings.types.naming import EVERY_POD
from tests.field.reach.acme import cluster_of
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, refusal
from tests.unit.components.isolation.network_policy import Peer

_KNOWN = "cluster: {pods: [10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}"
_TASK = Peer("task", "10.244.1.1", "acme")
_PROMETHEUS = Peer("prometheus", "10.244.7.1", "monitoring", {"app.kubernetes.io/name": "prometheus"})
_GRAFANA = Peer("grafana", "10.244.7.2", "monitoring", {"app.kubernetes.io/name": "grafana"})
_OFFICE = Peer("office", "203.0.113.7")
_STRANGER = Peer("stranger", "198.51.100.7")
_NODE = Peer("node", "192.168.7.21")
_CASES = [
    ("{namespace: monitoring, ports: [9100]}", _PROMETHEUS, 9100, "TCP", True),
    ("{namespace: monitoring, ports: [9100]}", _GRAFANA, 9100, "TCP", True),
    ("{namespace: monitoring, labels: {app.kubernetes.io/name: prometheus}, ports: [9100]}", _GRAFANA, 9100, "TCP",
     False),
    ("{namespace: monitoring, labels: {app.kubernetes.io/name: prometheus}, ports: [9400-9500]}", _PROMETHEUS, 9450,
     "TCP", True),
    ("{namespace: monitoring, ports: [9100]}", _PROMETHEUS, 9101, "TCP", False),
    ("{cidr: 203.0.113.0/24, ports: [10022]}", _OFFICE, 10022, "TCP", True),
    ("{cidr: 203.0.113.0/24, ports: [10022]}", _STRANGER, 10022, "TCP", False),
    ("{cidr: 203.0.113.0/24, ports: [60000-61000/UDP]}", _OFFICE, 60001, "UDP", True),
    ("{cidr: 192.168.7.0/24, ports: [10022]}", _NODE, 10022, "TCP", True),
    ("{cidr: 0.0.0.0/0, ports: [10022]}", Peer("other tenant", "10.244.2.1", "globex"), 10022, "TCP", False),
]  # fmt: skip


def _loaded(root: Path, entry: str, *, of_tenant: bool) -> Environment:
    stack = f"{STACK}    isolation: {{network: {{{_KNOWN}{'' if of_tenant else f', allowFrom: [{entry}]'}}}}}\n"
    tenant = TENANT
    if of_tenant:
        stack += "    tenantRules: {fromNamespaces: [monitoring], fromAddresses: [0.0.0.0/0]}\n"
        tenant += f"isolation: {{network: {{allowFrom: [{entry}]}}}}\n"
    return load_project(root, {STACK_FILE: stack, ACME: tenant})


@pytest.mark.parametrize("case", _CASES)
@pytest.mark.parametrize("of_tenant", [True, False])
def test_who_is_listed_is_let_in_and_nobody_else(
    tmp_path: Path, case: tuple[str, Peer, int, str, bool], of_tenant: bool
) -> None:
    entry, source, port, protocol, answer = case
    cluster = cluster_of(_loaded(tmp_path, entry, of_tenant=of_tenant))
    assert cluster.allows(source, _TASK, port, protocol) is answer


def test_without_it_nobody_is_and_no_rule_is_made(tmp_path: Path) -> None:
    environment = load_project(tmp_path)
    (rule,) = policies(environment.tenants[0], environment.stack).specs[EVERY_POD]["ingress"]
    assert rule == {"from": [{"podSelector": {}}]}
    assert not cluster_of(environment).allows(_PROMETHEUS, _TASK, 9100)


def test_the_policy_says_why(tmp_path: Path) -> None:
    environment = _loaded(tmp_path, "{namespace: monitoring, ports: [9100], reason: metrics}", of_tenant=True)
    why = policies(environment.tenants[0], environment.stack).reasons[EVERY_POD].splitlines()
    assert "ingress[1]: monitoring 9100: metrics" in why


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{ports: [9100]}", "needs either cidr"),
        ("{cidr: 203.0.113.0/24, namespace: monitoring, ports: [9100]}", "needs either cidr"),
        ("{cidr: 203.0.113.0/24, labels: {a: b}, ports: [9100]}", "goes with namespace"),
        ("{namespace: beta, ports: [9100]}", "is tenant beta's namespace"),
        ("{namespace: clearml, ports: [9100]}", "is the server's own namespace"),
        ("{cidr: 10.244.3.0/24, ports: [9100]}", "lies among the pods"),
        ("{cidr: '2001:db8::/32', ports: [9100]}", "is IPv6"),
        ("{namespace: monitoring}", "ports"),
        ("{namespace: monitoring, ports: []}", "ports"),
    ],
)
def test_what_would_open_a_tenant_or_nothing_is_refused(tmp_path: Path, entry: str, said: str) -> None:
    stack = f"{STACK}    isolation: {{network: {{{_KNOWN}, allowFrom: [{entry}]}}}}\n"
    line = refusal(tmp_path, {STACK_FILE: stack})
    assert line.startswith(f"{STACK_FILE}: clearml-tenants:stack.isolation.network.allowFrom[0]")
    assert said in line
    assert "\n" not in line
