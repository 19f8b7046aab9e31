"""What Pod Security refuses is told as it is written; what it lets pass is not."""

from __future__ import annotations

import pytest

from settings.types.pod_security import annotation_refusal, refusal

BASELINE = {
    "hostPID": True,
    "privileged": True,
    "hostProcess": True,
    "hostPath": {"path": "/"},
    "hostPort": 80,
    "procMount": "Unmasked",
    "mountPropagation": "Bidirectional",
    "sysctls": [{"name": "net.ipv4.tcp_syncookies"}, {"name": "kernel.msgmax"}],
    "seccompProfile": {"type": "Unconfined"},
    "appArmorProfile": {"type": "Unconfined"},
    "capabilities": {"drop": ["ALL"], "add": ["CHOWN", "SYS_ADMIN"]},
    "seLinuxOptions": {"role": "system_r"},
}
PASS = {
    "hostPID": False,
    "hostPort": 0,
    "procMount": "Default",
    "mountPropagation": "HostToContainer",
    "sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start"}],
    "seccompProfile": {"type": "Localhost", "localhostProfile": "a.json"},
    "appArmorProfile": {"type": "RuntimeDefault"},
    "capabilities": {"add": ["CAP_CHOWN", "NET_BIND_SERVICE"]},
    "seLinuxOptions": {"type": "container_t", "level": "s0"},
    "allowPrivilegeEscalation": True,
    "runAsUser": 0,
    "volumes": [{"name": "files", "nfs": {"server": "10.0.0.1", "path": "/"}}],
}
RESTRICTED = {
    "allowPrivilegeEscalation": True,
    "runAsUser": 0,
    "runAsNonRoot": False,
    "capabilities": {"add": ["CHOWN"]},
    "volumes": [{"name": "scratch", "emptyDir": {}}, {"name": "files", "nfs": {"server": "10.0.0.1", "path": "/"}}],
}


@pytest.mark.parametrize(("key", "value"), BASELINE.items())
def test_baseline_refuses(key: str, value: object) -> None:
    assert refusal(key, value, "baseline")
    assert refusal(key, value, "restricted")
    assert not refusal(key, value, "privileged")


@pytest.mark.parametrize(("key", "value"), PASS.items())
def test_baseline_lets_pass(key: str, value: object) -> None:
    assert not refusal(key, value, "baseline")


@pytest.mark.parametrize(("key", "value"), RESTRICTED.items())
def test_restricted_refuses_more(key: str, value: object) -> None:
    assert refusal(key, value, "restricted")


def test_a_value_of_another_form_is_left_to_the_api_server() -> None:
    for key in (*BASELINE, *RESTRICTED):
        assert not refusal(key, "text", "restricted") or key in ("hostPort", "procMount")


def test_an_apparmor_annotation_counts_as_the_field() -> None:
    key = "container.apparmor.security.beta.kubernetes.io/task"
    assert annotation_refusal(key, "unconfined", "baseline") == f"{key}: unconfined"
    assert not annotation_refusal(key, "localhost/mine", "baseline")
    assert not annotation_refusal(key, "unconfined", "privileged")
    assert not annotation_refusal("note", "unconfined", "restricted")
