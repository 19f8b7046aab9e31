"""What free values make of the server's and the workers' own pods, and Kubernetes refuses: nobody was told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project

_AGENT = "agent.extraValues.agentk8sglue"


def of_server(root: Path, values: str) -> list[str]:
    stack = STACK.replace("      cookieName:", f"      extraValues: {values}\n      cookieName:")
    found = load_project(root, {STACK_FILE: stack}).warnings
    return [f"{each.where.key}: {each.message}" for each in found if "extraValues" in each.where.key]


def of_agent(root: Path, values: str) -> list[str]:
    tenant = TENANT.replace("agent:\n", f"agent:\n  extraValues: {{agentk8sglue: {values}}}\n")
    found = load_project(root, {ACME: tenant}).warnings
    return [f"{each.where.key}: {each.message}" for each in found if "extraValues" in each.where.key]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("{apiserver: {nodeSelector: {pool: 7}}}", "apiserver.nodeSelector.pool: is no text, as a pod wants it"),
        ("{apiserver: {podAnnotations: {mesh: off}}}", "apiserver.podAnnotations.mesh: is no text"),
        ("{webserver: {deploymentAnnotations: {a: 1}}}", "webserver.deploymentAnnotations.a: is no text"),
        ("{apiserver: {tolerations: {key: a}}}", "apiserver.tolerations: has to be a list in a pod"),
        ("{apiserver: {nodeSelector: [{a: b}]}}", "apiserver.nodeSelector: has to be a mapping in a pod"),
        ("{fileserver: {tolerations: [{key: a, effect: noSchedule}]}}", "tolerations[0].effect: 'noSchedule' is none"),
        ("{apiserver: {resources: {limits: {memory: 4g}}}}", "resources.limits.memory: '4g' is no amount"),
        (
            "{apiserver: {resources: {requests: {memory: 8Gi}, limits: {memory: 4Gi}}}}",
            "resources.requests.memory: '8Gi' is over its limit, '4Gi', so no such pod starts",
        ),
        ("{elasticsearch: {resources: {limits: {memory: 2048}}}}", "resources.limits.memory: 2048 is less than a meg"),
        ("{dragonfly: {deep: {annotations: {a: true}}}}", "dragonfly.deep.annotations.a: is no text"),
        (
            "{apiserver: {labels: {owner: ann@x.example}}}",
            "apiserver.labels.owner: 'ann@x.example' is no label's value",
        ),
        ("{apiserver: {extraenvs: []}}", "apiserver.extraenvs: is no key of the chart that is known here"),
        ("{fileserver: {nodeselector: {a: b}}}", "fileserver.nodeselector: is no key of the chart that is known here"),
        ("{webserver: {replicacount: 2}}", "did you mean replicaCount?"),
        ("{apiserver: {toleration: []}}", "did you mean tolerations?"),
        ("{apiserver: {pod_annotations: {a: b}}}", "did you mean podAnnotations?"),
    ],
)
def test_of_the_server_s_own_pods(tmp_path: Path, values: str, said: str) -> None:
    (line,) = of_server(tmp_path, values)
    assert line.startswith("clearml-tenants:stack.server.extraValues.")
    assert said in line


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("{nodeSelector: {gpu: true}}", f"{_AGENT}.nodeSelector.gpu: is no text"),
        ("{annotations: {a: 1}}", f"{_AGENT}.annotations.a: is no text"),
        ("{labels: {x: 'a b'}}", f"{_AGENT}.labels.x: 'a b' is no label's value"),
        ("{tolerations: [{key: a, operator: Exists, value: x}]}", f"{_AGENT}.tolerations[0].value: stands beside"),
        ("{resources: {limits: {cpu: 2 cores}}}", f"{_AGENT}.resources.limits.cpu: '2 cores' is no amount"),
    ],
)
def test_of_an_agent_s_own_pod(tmp_path: Path, values: str, said: str) -> None:
    (line,) = of_agent(tmp_path, values)
    assert line.startswith(said)


@pytest.mark.parametrize(
    "values",
    [
        "{apiserver: {nodeSelector: {pool: '7'}, tolerations: [{key: a, operator: Exists}]}}",
        "{apiserver: {affinity: {nodeAffinity: {}}, resources: {requests: {cpu: 1}, limits: {cpu: 2, memory: 4Gi}}}}",
        "{apiserver: {nodeSelector: '{{ .Values.global.nodes }}', tolerations: [], podAnnotations: ~}}",
        "{apiserver: {image: {tag: 2.4.1-1}, processes: {count: 8}, initContainers: {resources: {}}}}",
        "{webserver: {service: {port: 8080}}, fileserver: {storage: {data: {size: 50Gi}}}}",
    ],
)
def test_what_kubernetes_takes_is_left_alone(tmp_path: Path, values: str) -> None:
    assert of_server(tmp_path, values) == []
