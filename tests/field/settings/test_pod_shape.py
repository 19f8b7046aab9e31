"""What no API server takes in a queue's pod is told before: the chart passes a template on as a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, TENANT, load_project, refusal

_BASE = "agent.basePodTemplate"


def _tenant(template: str) -> str:
    return TENANT.replace("agent:\n", f"agent:\n  basePodTemplate: {template}\n")


def _warnings(root: Path, tenant: str, key: str) -> list[str]:
    """What is told of one key of the tenant's file."""
    return [each.message for each in load_project(root, {ACME: tenant}).warnings if each.where.key == key]


@pytest.mark.parametrize(
    ("template", "key", "said"),
    [
        ("{resources: {requests: {cpu: 8}, limits: {cpu: 4}}}", "resources.requests.cpu", "8 is over its limit, 4"),
        (
            "{resources: {requests: {memory: 1Gi}, limits: {memory: 900M}}}",
            "resources.requests.memory",
            "over its limit",
        ),
        ("{resources: {requests: {nvidia.com/gpu: 1}}}", "resources.requests.nvidia.com/gpu", "needs a limit"),
        (
            "{resources: {requests: {amd.com/gpu: 1}, limits: {amd.com/gpu: 2}}}",
            "resources.requests.amd.com/gpu",
            "is not its limit",
        ),
        ("{resources: {limits: {nvidia.com/gpu: 0.5}}}", "resources.limits.nvidia.com/gpu", "no whole number"),
        ("{resources: {limits: {memory: 4g}}}", "resources.limits.memory", "'4g' is no amount to Kubernetes"),
        ("{resources: {limits: {memory: 16GB}}}", "resources.limits.memory", "'16GB' is no amount to Kubernetes"),
        ("{resources: {limits: {cpu: 2 cores}}}", "resources.limits.cpu", "is no amount"),
        ("{resources: {limits: {cpu: -1}}}", "resources.limits.cpu", "is below nothing"),
        ("{nodeSelector: {gpu: true}}", "nodeSelector.gpu", "is no text, as a pod wants it"),
        ("{nodeSelector: {pool: Data Science}}", "nodeSelector.pool", "write it like Data-Science"),
        ("{labels: {cost-centre: 4711}}", "labels.cost-centre", "put it in quotes"),
        ("{labels: {owner: ann@acme.example}}", "labels.owner", "is no label's value"),
        ("{annotations: {sidecar.istio.io/inject: false}}", "annotations.sidecar.istio.io/inject", "put it in quotes"),
        ("{env: [{name: WORKERS, value: 4}]}", "env[0].value", "put it in quotes"),
        ("{env: {HF_HOME: /cache}}", "env", "has to be a list in a pod"),
        ("{tolerations: {key: gpu, operator: Exists}}", "tolerations", "has to be a list in a pod"),
        ("{nodeSelector: [{pool: gpu}]}", "nodeSelector", "has to be a mapping in a pod"),
        (
            "{tolerations: [{key: gpu, operator: Exists, value: 'true'}]}",
            "tolerations[0].value",
            "stands beside operator: Exists",
        ),
        ("{tolerations: [{key: gpu, operator: equal, value: a}]}", "tolerations[0].operator", "write Exists, or Equal"),
        ("{tolerations: [{key: gpu, effect: noSchedule}]}", "tolerations[0].effect", "write one of NoSchedule"),
        ("{tolerations: [{key: gpu, operator: Equal, value: true}]}", "tolerations[0].value", "put it in quotes"),
        (
            "{tolerations: [{key: gpu, effect: NoSchedule, tolerationSeconds: 5}]}",
            "tolerations[0].tolerationSeconds",
            "for effect: NoExecute alone",
        ),
    ],
)
def test_a_pod_that_no_api_server_takes_is_refused(tmp_path: Path, template: str, key: str, said: str) -> None:
    line = refusal(tmp_path, {ACME: _tenant(template)})
    assert f"acme: {_BASE}.{key}: " in line
    assert said in line
    assert "so no such task starts" in line


@pytest.mark.parametrize(
    ("template", "key", "said"),
    [
        ("{resources: {limits: {memory: 512}}}", "resources.limits.memory", "write it like 512Mi"),
        ("{resources: {requests: {memory: 512m}}}", "resources.requests.memory", "write it like 512Mi"),
        ("{resource: {limits: {cpu: 1}}}", "resource", "did you mean resources?"),
        ("{nodeselector: {pool: gpu}}", "nodeselector", "did you mean nodeSelector?"),
        ("{toleration: []}", "toleration", "did you mean tolerations?"),
        (
            "{volumes: [{name: data, emptyDir: {}}], volumeMounts: [{name: date, mountPath: /d}]}",
            "volumeMounts[0].name",
            "is none of the template's volumes",
        ),
    ],
)
def test_what_may_not_be_meant_is_told(tmp_path: Path, template: str, key: str, said: str) -> None:
    (message,) = _warnings(tmp_path, _tenant(template), f"{_BASE}.{key}")
    assert said in message


@pytest.mark.parametrize(
    "template",
    [
        "{resources: {requests: {cpu: 500m, memory: 1e9}, limits: {cpu: .5, memory: 1Gi}}}",
        "{resources: {limits: {nvidia.com/gpu: '2'}}}",
        "{tolerations: null, nodeSelector: {}, env: [], resources: null}",
        "{nodeSelector: {gpu: 'true', pool: ''}, labels: {a: b-c.d_e}, annotations: {a: Data Science}}",
        "{tolerations: [{operator: Exists, key: gpu, effect: ''}, {key: b, value: c}]}",
        "{env: [{name: A, value: '5'}, {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}",
        "{volumes: [{name: data, emptyDir: {}}], volumeMounts: [{name: data, mountPath: /d}]}",
    ],
)
def test_what_an_api_server_takes_is_left_alone(tmp_path: Path, template: str) -> None:
    warnings = load_project(tmp_path, {ACME: _tenant(template)}).warnings
    assert not [each for each in warnings if each.where.key.startswith(_BASE)]


def test_a_queue_s_request_is_held_against_the_limit_of_all(tmp_path: Path) -> None:
    text = _tenant("{resources: {limits: {cpu: 4, nvidia.com/gpu: 1}}}")
    queue = "{gpu: {templateOverrides: {resources: {requests: {cpu: 8, nvidia.com/gpu: 1}}}}}"
    said = refusal(tmp_path, {ACME: text.replace("{default: {}}", queue)})
    assert said.count("\n") == 0
    assert "agent.queues.gpu.templateOverrides.resources.requests.cpu: 8 is over its limit, 4" in said


def test_a_limit_alone_counts_as_a_request(tmp_path: Path) -> None:
    text = _tenant("{resources: {limits: {memory: 2Ti}}}") + "isolation: {quota: {memory: 1Ti}}\n"
    assert "'2Ti' is over the whole quota of the namespace, '1Ti'" in refusal(tmp_path, {ACME: text})


@pytest.mark.parametrize(
    ("quota", "key", "said"),
    [
        ("{pods: 2}", "pods", "2 leaves no pod to tasks beside the 2 of agents and gateways; write at least 3"),
        ("{cpu: 0}", "cpu", "is nothing, so no pod starts"),
        ("{memory: 64}", "memory", "write it like 64Gi"),
        ("{memory: 0}", "memory", "is less than a megabyte"),
    ],
)
def test_a_quota_without_room_for_a_task_is_told(tmp_path: Path, quota: str, key: str, said: str) -> None:
    (message,) = _warnings(tmp_path, f"{TENANT}isolation: {{quota: {quota}}}\n", f"isolation.quota.{key}")
    assert said in message


@pytest.mark.parametrize("name", ["gpu", "gpus", "nvidia-gpu", "requests.gpu", "jobs", "limits.pods", "services.foo"])
def test_a_quota_of_what_nobody_counts_is_refused(tmp_path: Path, name: str) -> None:
    said = refusal(tmp_path, {ACME: f"{TENANT}isolation: {{quota: {{other: {{{name}: 4}}}}}}\n"})
    assert f"isolation.quota.other.{name}: {name!r} is nothing that a quota counts" in said


_WHOLE = (
    "{runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: "
    "RuntimeDefault}}"
)


@pytest.mark.parametrize(
    ("template", "missing"),
    [
        ("{}", "runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile"),
        ("{securityContext: {runAsNonRoot: true}}", "does not say allowPrivilegeEscalation: false, capabilities"),
        (f"{{containerSecurityContext: {_WHOLE.replace('[ALL]', '[NET_RAW]')}}}", "does not say capabilities: {drop"),
        (f"{{securityContext: {_WHOLE}}}", ""),
    ],
)
def test_what_restricted_asks_for_and_nobody_says_is_told(tmp_path: Path, template: str, missing: str) -> None:
    text = _tenant(template) + "isolation: {podSecurity: restricted}\n"
    assert [missing in each for each in _warnings(tmp_path, text, _BASE)] == ([True] if missing else [])


@pytest.mark.parametrize("key", ["maxpods", "max_pods", "MaxPods"])
def test_a_queue_s_setting_in_other_letters_is_told(tmp_path: Path, key: str) -> None:
    text = TENANT.replace("{default: {}}", f"{{default: {{queueSettings: {{{key}: 4}}}}}}")
    (message,) = _warnings(tmp_path, text, f"agent.queues.default.queueSettings.{key}")
    assert "did you mean maxPods?" in message
