"""The reader of policies itself, on the examples and the notes of Kubernetes' documentation."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.unit.components.isolation.network_policy import Cluster, Peer, selected

DB = Peer("db", "10.1.0.1", "default", {"role": "db"}, {("redis", "TCP"): 6379})
FRONTEND = Peer("frontend", "10.1.0.2", "default", {"role": "frontend"})
STRANGER = Peer("stranger", "10.1.0.3", "default", {"role": "other"})
MYPROJECT = Peer("any", "10.2.0.1", "myproject")
ELSEWHERE = Peer("frontend", "10.3.0.1", "elsewhere", {"role": "frontend"})
OUTSIDE = Peer("outside", "172.17.0.5")
EXCEPTED = Peer("excepted", "172.17.1.5")
NAMESPACES = {"default": {}, "myproject": {"project": "myproject"}, "elsewhere": {}}

# The documentation's first example.
EXAMPLE = """
podSelector: {matchLabels: {role: db}}
policyTypes: [Ingress, Egress]
ingress:
  - from:
      - ipBlock: {cidr: 172.17.0.0/16, except: [172.17.1.0/24]}
      - namespaceSelector: {matchLabels: {project: myproject}}
      - podSelector: {matchLabels: {role: frontend}}
    ports: [{protocol: TCP, port: 6379}]
egress:
  - to: [{ipBlock: {cidr: 10.0.0.0/24}}]
    ports: [{protocol: TCP, port: 5978}]
"""


def _cluster(*specs: str) -> Cluster:
    read: list[Any] = [yaml.safe_load(spec) for spec in specs]
    return Cluster(NAMESPACES, [{"metadata": {"namespace": "default"}, "spec": spec} for spec in read])


@pytest.mark.parametrize(
    ("source", "target", "port", "protocol", "answer"),
    [
        (OUTSIDE, DB, 6379, "TCP", True),
        (EXCEPTED, DB, 6379, "TCP", False),
        (MYPROJECT, DB, 6379, "TCP", True),
        (FRONTEND, DB, 6379, "TCP", True),
        (STRANGER, DB, 6379, "TCP", False),
        (ELSEWHERE, DB, 6379, "TCP", False),
        (FRONTEND, DB, 6380, "TCP", False),
        (FRONTEND, DB, 6379, "UDP", False),
        (DB, Peer("x", "10.0.0.7"), 5978, "TCP", True),
        (DB, Peer("x", "10.0.1.7"), 5978, "TCP", False),
        (DB, FRONTEND, 80, "TCP", False),
        (FRONTEND, STRANGER, 80, "TCP", True),
    ],
)
def test_the_documentations_example(source: Peer, target: Peer, port: int, protocol: str, answer: bool) -> None:
    assert _cluster(EXAMPLE).allows(source, target, port, protocol) is answer


@pytest.mark.parametrize(
    ("spec", "source", "target", "answer"),
    [
        ("{podSelector: {}, policyTypes: [Ingress]}", FRONTEND, DB, False),
        ("{podSelector: {}, policyTypes: [Ingress]}", DB, OUTSIDE, True),
        ("{podSelector: {}, policyTypes: [Egress]}", DB, OUTSIDE, False),
        ("{podSelector: {}, policyTypes: [Egress]}", OUTSIDE, DB, True),
        ("{podSelector: {}, ingress: [{}], policyTypes: [Ingress]}", OUTSIDE, DB, True),
        ("{podSelector: {}, egress: [{}]}", OUTSIDE, DB, False),
        ("{podSelector: {}}", DB, OUTSIDE, True),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 80}]}]}", OUTSIDE, DB, False),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: redis}]}]}", OUTSIDE, DB, True),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 6000, endPort: 6400}]}]}",
         OUTSIDE, DB, True),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 6000, endPort: 6378}]}]}",
         OUTSIDE, DB, False),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{protocol: TCP}]}]}", OUTSIDE, DB, True),
        # One peer with two selectors is pods of those namespaces; two peers are either.
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: "
         "{matchLabels: {project: myproject}}, podSelector: {matchLabels: {role: frontend}}}]}]}", FRONTEND, DB, False),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: "
         "{matchLabels: {project: myproject}}}, {podSelector: {matchLabels: {role: frontend}}}]}]}",
         FRONTEND, DB, True),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}}]}]}",
         ELSEWHERE, DB, True),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}}]}]}", OUTSIDE, DB, False),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: "
         "{matchLabels: {kubernetes.io/metadata.name: elsewhere}}}]}]}", ELSEWHERE, DB, True),
        ("{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}", ELSEWHERE, DB, False),
    ],
)  # fmt: skip
def test_what_the_documentation_says_of_a_policy(spec: str, source: Peer, target: Peer, answer: bool) -> None:
    assert _cluster(spec).allows(source, target, 6379) is answer


def test_policies_add_up_and_both_ends_have_to_let_it_pass() -> None:
    closed, out = (
        "{podSelector: {}, policyTypes: [Ingress, Egress]}",
        "{podSelector: {}, egress: [{}], policyTypes: [Egress]}",
    )
    assert not _cluster(closed, out).allows(FRONTEND, DB, 80)
    assert _cluster(closed, out).allows(FRONTEND, MYPROJECT, 80)
    assert _cluster(closed, out, "{podSelector: {}, ingress: [{}]}").allows(FRONTEND, DB, 80)


@pytest.mark.parametrize(
    ("operator", "values", "answers"),
    [("In", ["a"], [True, False, False]), ("NotIn", ["a"], [False, True, True]), ("Exists", None, [True, True, False]),
     ("DoesNotExist", None, [False, False, True])],
)  # fmt: skip
def test_expressions(operator: str, values: list[str] | None, answers: list[bool]) -> None:
    selector = {"matchExpressions": [{"key": "k", "operator": operator, "values": values}]}
    assert [selected(selector, labels) for labels in ({"k": "a"}, {"k": "b"}, {})] == answers
