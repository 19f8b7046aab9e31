"""What the namespace would refuse is told before: else tasks wait for ever, and nothing says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.errors import ConfigurationError
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, refusal


def _tenant(agent: str = "", isolation: str = "") -> str:
    text = TENANT.replace("agent:\n", f"agent:\n  {agent}\n") if agent else TENANT
    return text + (f"isolation: {isolation}\n" if isolation else "")


NODE = [
    ("basePodTemplate: {volumes: [{name: c, hostPath: {path: /cache}}]}", "basePodTemplate.volumes[0].hostPath"),
    ("basePodTemplate: {hostPID: true}", "basePodTemplate.hostPID"),
    ("basePodTemplate: {hostIPC: true}", "basePodTemplate.hostIPC"),
    ("basePodTemplate: {hostNetwork: yes}", "basePodTemplate.hostNetwork"),
    ("containerSecurityContext: {privileged: true}", "containerSecurityContext.privileged"),
    ("containerSecurityContext: {capabilities: {add: [SYS_ADMIN]}}", "containerSecurityContext.capabilities"),
    ("basePodTemplate: {ports: [{containerPort: 1, hostPort: 80}]}", "basePodTemplate.ports[0].hostPort"),
    ("extraValues: {agentk8sglue: {nodeSelector: {}, podLabels: {}}}", ""),
    ("basePodTemplate: {hostPID: false, volumes: [{name: c, emptyDir: {}}]}", ""),
    ("containerSecurityContext: {capabilities: {drop: [ALL], add: [CHOWN]}}", ""),
]


@pytest.mark.parametrize(("agent", "key"), NODE)
@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_what_pod_security_refuses_is_refused(tmp_path: Path, agent: str, key: str, level: str) -> None:
    files: dict[str, str | bytes] = {ACME: _tenant(agent, f"{{podSecurity: {level}}}")}
    if key:
        assert f"acme: agent.{key}: " in refusal(tmp_path, files)
    elif level == "baseline":
        load_project(tmp_path, files)


@pytest.mark.parametrize("agent", [agent for agent, key in NODE if key])
def test_who_may_be_privileged_may(tmp_path: Path, agent: str) -> None:
    stack = STACK + "    isolation: {privilegedTenants: [acme]}\n"
    load_project(tmp_path, {ACME: _tenant(agent, "{podSecurity: privileged}"), STACK_FILE: stack})


@pytest.mark.parametrize(
    ("agent", "isolation", "word"),
    [
        ("basePodTemplate: {resources: {limits: {cpu: 8}}}", "{limits: {max: {cpu: 4}}}", "limits.max, '4'"),
        ("basePodTemplate: {resources: {requests: {memory: 2Ti}}}", "{quota: {memory: 1Ti}}", "whole quota"),
        ("basePodTemplate: {resources: {limits: {nvidia.com/gpu: 4}}}", "{quota: {gpus: 2}}", "whole quota"),
        (
            "basePodTemplate: {resources: {limits: {amd.com/gpu: 4}}}",
            "{quota: {other: {requests.amd.com/gpu: 2}}}",
            "whole quota",
        ),
        ("basePodTemplate: {resources: {limits: {memory: 65Gi}}}", "{limits: {max: {memory: 64Gi}}}", "'64Gi'"),
        ("basePodTemplate: {resources: {requests: {cpu: 4100m}}}", "{quota: {cpu: 4}}", "whole quota"),
    ],
)
def test_a_pod_that_is_larger_than_its_place_is_refused(tmp_path: Path, agent: str, isolation: str, word: str) -> None:
    said = refusal(tmp_path, {ACME: _tenant(agent, isolation)})
    assert "so no task of queue 'default' starts" in said
    assert word in said


def test_a_queue_s_own_resources_count_for_it(tmp_path: Path) -> None:
    text = TENANT.replace("{default: {}}", "{gpu: {templateOverrides: {resources: {limits: {nvidia.com/gpu: 8}}}}}")
    said = refusal(tmp_path, {ACME: f"{text}isolation: {{quota: {{gpus: 4}}}}\n"})
    assert "agent.queues.gpu.templateOverrides.resources.limits.nvidia.com/gpu: 8 is over the whole quota" in said
    load_project(tmp_path, {ACME: f"{text}isolation: {{quota: {{gpus: 8}}}}\n"})


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("nvidia.com/gpu", "write gpus: 2"),
        ("limits.nvidia.com/gpu", "write gpus: 2"),
        ("amd.com/gpu", "requests.amd.com/gpu"),
        ("limits.amd.com/gpu", "requests.amd.com/gpu"),
        ("nvidia.com/mig-1g.5gb", "requests.nvidia.com/mig-1g.5gb"),
        ("smarter-devices/fuse", "requests.smarter-devices/fuse"),
    ],
)
@pytest.mark.parametrize("where", ["tenant", "stack"])
def test_a_quota_that_is_never_counted_is_refused(tmp_path: Path, name: str, word: str, where: str) -> None:
    isolation = f"{{quota: {{other: {{{name}: 2}}}}}}"
    files: dict[str, str | bytes] = (
        {ACME: _tenant(isolation=isolation)}
        if where == "tenant"
        else {STACK_FILE: f"{STACK}    isolation: {isolation}\n"}
    )
    said = refusal(tmp_path, files)
    assert f"quota.other.{name}: is never counted" in said
    assert word in said


@pytest.mark.parametrize(
    "name",
    [
        "requests.amd.com/gpu",
        "count/jobs.batch",
        "gold.storageclass.storage.k8s.io/requests.storage",
        "services.loadbalancers",
        "limits.cpu",
    ],
)
def test_what_is_counted_is_left_alone(tmp_path: Path, name: str) -> None:
    try:
        load_project(tmp_path, {ACME: _tenant(isolation=f"{{quota: {{other: {{{name}: 2}}}}}}")})
    except ConfigurationError as error:
        pytest.fail(str(error))


@pytest.mark.parametrize("what", ["cpu", "memory"])
def test_a_quota_of_limits_without_a_limit_is_told(tmp_path: Path, what: str) -> None:
    quota = f"quota: {{other: {{limits.{what}: 12}}}}"
    warnings = load_project(tmp_path, {ACME: _tenant(isolation=f"{{{quota}}}")}).warnings
    assert [each.where.key for each in warnings if f"limits.{what}" in each.message] == ["isolation.limits"]
    with_default = f"{{{quota}, limits: {{default: {{{what}: 1}}}}}}"
    if what == "cpu":
        warnings = load_project(tmp_path, {ACME: _tenant(isolation=with_default)}).warnings
        assert not [each for each in warnings if f"limits.{what}" in each.message]
