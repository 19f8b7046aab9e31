"""Who may talk to whom: the manifests that the program makes, read by an evaluator that does not know how.

The intended answers are `reach.txt`, written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.isolation import IsolationComponent
from components.namespaces.existing import existing_namespace_hook
from components.namespaces.namespace import namespace, tenant_labels
from settings.loading.load import Environment
from tests.unit.asked import ACME, BETA, STACK, STACK_FILE, load_project
from tests.unit.components.isolation.network_policy import Cluster, Peer
from tests.unit.deployment import finished, inputs, start

FILES: dict[str, str | bytes] = {
    STACK_FILE: STACK
    + """
    isolation:
      network:
        cluster: {pods: [10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}
        kubernetesApi: [{cidr: 192.168.7.10/32, ports: [6443]}]
        serverAddresses: [{cidr: 203.0.113.10/32, ports: [443]}]
        allow: [{namespace: registry, ports: [5000], reason: our images}]
        allowFrom: [{cidr: 198.51.100.0/24, ports: [8888]}, {namespace: gamma, ports: [8888]}]
    tenantRules:
      fromNamespaces: [monitoring]
      tenants: {beta: {addresses: [10.0.0.0/8], namespaces: [gitea, gamma]}}
""",
    ACME: """
company: Acme Inc.
admin: {name: Acme Admin, email: admin@acme.example}
agent: {queues: {default: {}}}
agents: {gpu: {queues: {gpu: {}}}}
gateway:
  hostName: router.acme.clearml.example.com
  streamSession: {routerAddress: 192.168.7.21, portRange: {start: 30100, end: 30199}}
gateways:
  lab:
    externalUrl: http://192.168.7.21:30081
    streamSession: {routerAddress: 192.168.7.21, portRange: {start: 30300, end: 30399}}
isolation:
  network:
    allow: [{cidr: 198.51.100.0/24, ports: [443]}]
    allowFrom: [{namespace: monitoring, labels: {app: prometheus}, ports: [9100-9110], reason: metrics of GPUs}]
""",
    BETA: """
company: Beta Ltd.
admin: {name: Beta Admin, email: admin@beta.example}
agent: {queues: {default: {}}}
gateway:
  externalUrl: http://192.168.7.21:30080
  streamSession: {routerAddress: 192.168.7.21, portRange: {start: 30200, end: 30299}}
isolation:
  network:
    allow:
      - {cidr: 0.0.0.0/0, ports: [443]}
      - {cidr: 10.0.0.0/8, ports: [2049]}
      - {namespace: gitea, ports: [3000]}
      # Of another stack, which the checks do not know of.
      - {namespace: gamma, ports: [8080]}
""",
}


def _pod(ip: str, where: str, name: str = "", **labels: str) -> Peer:
    release = {"app.kubernetes.io/instance": name} if name else {}
    return Peer(
        name or where, ip, where, {**release, **{key.replace("_", "-"): value for key, value in labels.items()}}
    )


_CONTROLLER = {"app.kubernetes.io/name": "ingress-nginx"}
PEERS = {
    "acme/task": _pod("10.244.1.1", "acme"),
    "acme/agent": _pod("10.244.1.2", "acme", "acme-agent"),
    "acme/gpu": _pod("10.244.1.3", "acme", "acme-agent-gpu"),
    "acme/gw": _pod("10.244.1.4", "acme", "acme-gateway"),
    "acme/lab": _pod("10.244.1.5", "acme", "acme-gateway-lab"),
    "beta/task": _pod("10.244.2.1", "beta"),
    "beta/agent": _pod("10.244.2.2", "beta", "beta-agent"),
    "beta/gw": _pod("10.244.2.3", "beta", "beta-gateway"),
    # Dressed as what other rules let in: neither its pods' labels nor its namespace's may help it.
    "gamma/task": Peer("task", "10.244.3.1", "gamma", {"k8s-app": "kube-dns", **_CONTROLLER}),
    "server": _pod("10.244.4.1", "clearml"),
    "apiserver": _pod("10.244.4.2", "clearml"),
    "webserver": _pod("10.244.4.3", "clearml"),
    "fileserver": _pod("10.244.4.4", "clearml"),
    "mongo": _pod("10.244.4.5", "clearml"),
    "redis": _pod("10.244.4.6", "clearml"),
    "dns": _pod("10.244.5.1", "kube-system", k8s_app="kube-dns"),
    "metrics": _pod("10.244.5.2", "kube-system", k8s_app="metrics-server"),
    "controller": Peer("controller", "10.244.6.1", "ingress-nginx", _CONTROLLER),
    "webhook": _pod("10.244.6.2", "ingress-nginx"),
    "registry": _pod("10.244.7.1", "registry"),
    "gitea": _pod("10.244.7.2", "gitea"),
    "monitor": _pod("10.244.7.3", "monitoring"),
    "scraper": _pod("10.244.7.4", "monitoring", app="prometheus"),
    "lostpod": Peer("a pod whose labels nobody knows yet", "10.244.9.9"),
    "internet": Peer("internet", "192.0.2.55"),
    "forge": Peer("forge", "198.51.100.7"),
    "loadbalancer": Peer("loadbalancer", "203.0.113.10"),
    "nas": Peer("nas", "10.50.0.5"),
    "kubernetes": Peer("kubernetes", "192.168.7.10"),
    "node": Peer("node", "192.168.7.21"),
    "service": Peer("service", "10.100.5.5"),
    "metadata": Peer("metadata", "169.254.169.254"),
    "wireserver": Peer("wireserver", "168.63.129.16"),
    "alibaba": Peer("alibaba", "100.100.100.200"),
}


def _questions() -> Iterator[tuple[str, str, str, bool]]:
    """(source, target, port, answer) of every cell that asks."""
    lines = (Path(__file__).parent / "reach.txt").read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    sources = rows[0][2:]
    for target, port, *answers in rows[1:]:
        assert len(answers) == len(sources), (target, port)
        assert set(answers) <= {"y", "n", "-"}, (target, port)
        for source, answer in zip(sources, answers, strict=True):
            if answer != "-":
                yield source, target, port, answer == "y"


QUESTIONS = list(_questions())


def _registered(environment: Environment) -> Cluster:
    """What the program asks the API server for, for every tenant."""
    monitor = start()

    def make() -> None:
        hook = existing_namespace_hook(environment.stack.own_cluster, None)
        for tenant in environment.tenants:
            opts: Any = None
            space = namespace(tenant.namespace, opts, hook, tenant_labels("local", tenant.name, "baseline"))
            IsolationComponent(tenant, environment.stack, space)

    finished(make)
    labels = {each.name: inputs(each)["metadata"]["labels"] for each in monitor.of_type("kubernetes:core/v1:Namespace")}
    policies = [inputs(each) for each in monitor.of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")]
    assert set(labels) == {"acme", "beta"}
    return Cluster({**labels, "gamma": {"clearml-tenants/tenant": "gamma"}}, policies)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    return _registered(load_project(tmp_path_factory.mktemp("project"), FILES))


def test_there_are_enough_questions_of_both_answers() -> None:
    answers = [answer for *_, answer in QUESTIONS]
    assert len(QUESTIONS) >= 200
    assert answers.count(True) >= 100
    assert answers.count(False) >= 100


@pytest.mark.parametrize("target", sorted({target for _, target, _, _ in QUESTIONS}))
def test_everybody_reaches_what_they_should_and_nothing_else(cluster: Cluster, target: str) -> None:
    """Every disagreement is listed, as `source -> target port: intended`."""
    wrong = []
    for source, asked, port, answer in QUESTIONS:
        if asked == target:
            number, _, protocol = port.partition("/")
            if cluster.allows(PEERS[source], PEERS[target], int(number), protocol) is not answer:
                wrong.append(f"{source} -> {target} {port}: {'y' if answer else 'n'}")
    assert wrong == []
