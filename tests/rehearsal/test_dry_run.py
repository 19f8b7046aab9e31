"""A real API server says of a queue's pod what no check can compute: that it is forbidden, or not a pod at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from operations.preview.steps import Step
from rehearsal.dry_run import dry_run
from rehearsal.queue_pods import queue_pods
from tests.local.own_cluster import own_cluster

pytestmark = pytest.mark.e2e
RESTRICTED = {
    "podSecurityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containerSecurityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
}
SIDECAR = {"name": "cache", "image": "cache", "resources": {"limits": {"cpu": "8", "memory": "1Gi"}}}
# The level of Pod Security, the quota, the limits, the queue's pod, and how what is said of it begins.
FORBIDDEN: dict[str, tuple[str, dict[str, str], dict[str, Any], dict[str, Any], str]] = {
    "all that a level asks for": ("restricted", {}, {}, {}, 'violates PodSecurity "restricted:latest"'),
    "a system call switch": (
        "baseline",
        {},
        {},
        {"podSecurityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}},
        'violates PodSecurity "baseline:latest": forbidden sysctls',
    ),
    "a label of SELinux": (
        "baseline",
        {},
        {},
        {"containerSecurityContext": {"seLinuxOptions": {"type": "spc_t"}}},
        'violates PodSecurity "baseline:latest": seLinuxOptions',
    ),
    "a volume of another kind": (
        "restricted",
        {},
        {},
        {**RESTRICTED, "volumes": [{"name": "n", "nfs": {"server": "nas.example", "path": "/"}}]},
        'violates PodSecurity "restricted:latest": restricted volume types',
    ),
    "a container before it": (
        "baseline",
        {},
        {"max": {"cpu": "4"}},
        {"initContainers": [SIDECAR]},
        "maximum cpu usage per Container is 4, but limit is 8",
    ),
    "no request where it is counted": ("baseline", {"requests.cpu": "4"}, {}, {}, "failed quota: rehearsal: must"),
    "a sum with what runs before it": (
        "baseline",
        {"requests.cpu": "4"},
        {},
        {"resources": {"requests": {"cpu": "1"}}, "initContainers": [SIDECAR]},
        "exceeded quota: rehearsal, requested: requests.cpu=8",
    ),
    "a limit that stands for the request": (
        "baseline",
        {"requests.memory": "4Gi"},
        {},
        {"resources": {"limits": {"memory": "8Gi"}}},
        "exceeded quota: rehearsal, requested: requests.memory=8Gi",
    ),
    "no room for a pod at all": ("baseline", {"pods": "0"}, {}, {}, "exceeded quota: rehearsal, requested: pods=1"),
}
INVALID: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "two sources of one volume": (
        {},
        {"volumes": [{"name": "d", "emptyDir": {}, "configMap": {"name": "c"}}]},
        "may not specify more than 1 volume type",
    ),
    "a mount without its volume": ({}, {"volumeMounts": [{"name": "no", "mountPath": "/d"}]}, 'Not found: "no"'),
    "a label that is none": ({}, {"labels": {"team": "a b"}}, 'Invalid value: "a b"'),
    "an amount that is none": ({}, {"resources": {"limits": {"memory": "8 GB"}}}, "quantities must match"),
}
HONEST: dict[str, tuple[str, dict[str, str], dict[str, Any], dict[str, Any]]] = {
    "nothing asked for": ("baseline", {}, {}, {}),
    "all that the level asks for": ("restricted", {}, {}, RESTRICTED),
    "classes of the real cluster": ("baseline", {}, {}, {"priorityClassName": "tasks", "runtimeClassName": "nvidia"}),
    "exactly the quota": (
        "baseline",
        {"requests.nvidia.com/gpu": "2", "pods": "1"},
        {"default": {"cpu": "1"}, "max": {"cpu": "2"}},
        {"resources": {"limits": {"nvidia.com/gpu": 2, "cpu": "2"}}},
    ),
    "memory of its own": (
        "baseline",
        {},
        {},
        {
            "extraVolumes": [{"name": "dshm", "emptyDir": {"medium": "Memory"}}],
            "extraVolumeMounts": [{"name": "dshm", "mountPath": "/dev/shm"}],  # noqa: S108
        },
    ),
}


def _steps(tenant: str, level: str, quota: Any, limits: Any, template: Any) -> list[Step]:
    declared = [
        {"kind": "Namespace", "metadata": {"labels": {"pod-security.kubernetes.io/enforce": level}}},
        *([{"kind": "ResourceQuota", "spec": {"hard": quota}}] if quota else []),
        *([{"kind": "LimitRange", "spec": {"limits": [{"type": "Container", **limits}]}}] if limits else []),
    ]
    rooms = [Step("create", "kubernetes:core/v1:Any", "any", tenant, {}, each) for each in declared]
    values = {"agentk8sglue": {"queues": {"gpu": {"templateOverrides": template}}}}
    release = Step("create", "kubernetes:helm.sh/v3:Release", f"{tenant}-agent", tenant, {}, {"values": values})
    return [*rooms, release]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Fault and warning of every case: all are asked at once, as a rehearsal does."""
    asked: list[tuple[str, Any]] = [
        *FORBIDDEN.items(),
        *((name, ("baseline", {}, *case)) for name, case in INVALID.items()),
        *HONEST.items(),
    ]
    names = {f"t{number}": name for number, (name, _) in enumerate(asked)}
    steps = [step for tenant, (_, case) in zip(names, asked, strict=True) for step in _steps(tenant, *case[:4])]
    with own_cluster(tmp_path_factory.mktemp("cluster")) as checkout:
        faults, warnings = dry_run(checkout.kubeconfig, list(queue_pods(steps)))
    return {names[tenant]: (_of(tenant, faults), _of(tenant, warnings)) for tenant in names}


def _of(tenant: str, lines: list[str]) -> str:
    return " / ".join(line for line in lines if line.startswith(f"{tenant}: "))


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_forbidden_is_an_error(name: str, said: dict[str, tuple[str, str]]) -> None:
    fault, warning = said[name]
    assert f": agent.queues.gpu: the API server refuses its pod: {FORBIDDEN[name][-1]}" in fault
    assert fault.endswith("change the queue, or what its namespace lets in")
    assert not warning


@pytest.mark.parametrize("name", INVALID)
def test_anything_else_is_a_warning(name: str, said: dict[str, tuple[str, str]]) -> None:
    fault, warning = said[name]
    assert ": agent.queues.gpu: the API server would not take its pod as it is: " in warning
    assert INVALID[name][-1] in warning
    assert not fault


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_pod_passes(name: str, said: dict[str, tuple[str, str]]) -> None:
    assert said[name] == ("", "")


def test_nothing_is_asked_where_nothing_changes(tmp_path: Path) -> None:
    assert dry_run(tmp_path / "no-such-kubeconfig", []) == ([], [])
