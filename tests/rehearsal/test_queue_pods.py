"""Of each queue that a change touches the pod is asked for as the agent makes it; of others nothing is."""

from __future__ import annotations

from typing import Any

from operations.preview.steps import Step
from rehearsal.queue_pods import QueuePod, queue_pods

BASE = {
    "labels": {"team": "red"},
    "resources": {"limits": {"memory": "1Gi"}},
    "env": [{"name": "A", "value": "1"}],
    "tolerations": [{"key": "gpu", "operator": "Exists"}],
    "priorityClassName": "tasks",
    "podSecurityContext": {"fsGroup": 1},
    "containerSecurityContext": {"runAsUser": 1},
    "anything": {"goes": 1},
}


def _release(old: Any, new: Any, name: str = "acme-agent") -> Step:
    before, after = ({"values": {"agentk8sglue": each}} if each is not None else {} for each in (old, new))
    return Step("update", "kubernetes:helm.sh/v3:Release", name, name.partition("-")[0], before, after)


def _room(kind: str, old: Any, new: Any, tenant: str = "acme") -> Step:
    return Step("update", f"kubernetes:core/v1:{kind}", kind, tenant, {"kind": kind, **old}, {"kind": kind, **new})


def _keys(*steps: Step) -> list[str]:
    return [f"{each.tenant}: {each.key}" for each in queue_pods(steps)]


def _pod(agent: Any) -> QueuePod:
    (found,) = queue_pods([_release(None, agent)])
    return found


def test_a_queue_s_keys_take_the_place_of_the_base_s() -> None:
    over = {"labels": {"team": "green"}, "env": [], "hostPID": True, "extraVolumes": [{"name": "d"}]}
    found = _pod({"basePodTemplate": BASE, "queues": {"q": {"templateOverrides": over}}})
    assert found.pod == {
        "metadata": {"labels": {"team": "green"}},
        "spec": {
            "restartPolicy": "Never",
            "tolerations": BASE["tolerations"],
            "hostPID": True,
            "securityContext": {"fsGroup": 1},
            "volumes": [{"name": "d"}],
            "containers": [
                {
                    "name": "task",
                    "image": "rehearsal",
                    "resources": BASE["resources"],
                    "env": [],
                    "securityContext": {"runAsUser": 1},
                }
            ],
        },
    }


def test_only_a_changed_queue_is_asked() -> None:
    queues = {"a": {}, "b": {"templateOverrides": {"hostPID": False}}}
    after = {**queues, "b": {"templateOverrides": {"hostPID": True}}, "c": None}
    assert _keys(_release({"queues": queues}, {"queues": queues})) == []
    assert _keys(_release({"queues": queues}, {"queues": after})) == [
        "acme: agent.queues.b",
        "acme: agent.queues.c",
    ]
    assert _keys(_release({"queues": queues}, {"queues": queues, "basePodTemplate": BASE})) == [
        "acme: agent.queues.a",
        "acme: agent.queues.b",
    ]


def test_another_agent_and_its_applications_are_named_as_in_the_file() -> None:
    agent = {"queues": {"a": {}}, "appsQueue": {"enabled": True}}
    assert _keys(_release(None, agent, "acme-agent-gpu")) == ["acme: agents.gpu.queues.a", "acme: agents.gpu.appsQueue"]
    assert _keys(_release(None, {"appsQueue": {"enabled": False}})) == []


def test_a_namespace_that_lets_in_less_asks_for_all_of_its_queues() -> None:
    same = _release({"queues": {"a": {}}}, {"queues": {"a": {}}})
    other = _release({"queues": {"a": {}}}, {"queues": {"a": {}}}, "beta-agent")
    quota = _room("ResourceQuota", {"spec": {"hard": {"pods": "9"}}}, {"spec": {"hard": {"pods": "1"}}})
    assert _keys(same, other, quota) == ["acme: agent.queues.a"]
    label = "pod-security.kubernetes.io/enforce"
    before, after = ({"metadata": {"labels": {label: each}}} for each in ("baseline", "restricted"))
    (found,) = queue_pods([same, _room("Namespace", before, after)])
    assert (found.room.level, found.room.quota, found.room.limits) == ("restricted", {}, {})


def test_a_gateway_has_no_queues() -> None:
    values = {"values": {"clearml": {"apiKey": "k"}}}
    assert _keys(Step("create", "kubernetes:helm.sh/v3:Release", "acme-gateway", "acme", {}, values)) == []
    assert _keys(Step("create", "kubernetes:helm.sh/v3:Release", "acme-gateway", "acme", {}, {"values": "?"})) == []


def test_a_part_of_a_gpu_is_the_real_cluster_s_operator_s() -> None:
    limits = {"nvidia.com/mig-3g.20gb": 1, "clear.ml/fraction-1": "0.5", "clear.ml/fraction-2": "1"}
    over = {"resources": {"limits": limits, "requests": {"cpu": 1}}}
    (task,) = _pod({"queues": {"q": {"templateOverrides": over}}}).pod["spec"]["containers"]
    assert task["resources"] == {
        "limits": {"nvidia.com/mig-3g.20gb": 1, "clear.ml/fraction-2": "1"},
        "requests": {"cpu": 1},
    }
