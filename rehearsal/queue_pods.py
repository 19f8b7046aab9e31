"""The pod of each queue that a change touches, as the agent would make it, and the namespace that it would be in. Pure.

All of it is what the preview declares: the agent's release, the namespace's labels, its quota and its limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kubernetes.client import V1Container, V1PodSpec

from operations.preview.steps import Step
from operations.urns import RELEASE
from settings.checks.pod_shape.resources import is_share

# What both have is the pod's, but for the resources: charts give these to the container.
_OF_CONTAINER = frozenset(V1Container.attribute_map.values()) - {"name", "image", "restartPolicy", "securityContext"}
_OF_POD = frozenset(V1PodSpec.attribute_map.values()) - _OF_CONTAINER - {"containers", "restartPolicy"}
# Objects of the real cluster, of which the rehearsal's knows nothing.
_ELSEWHERE = frozenset({"priorityClassName", "runtimeClassName", "serviceAccountName", "serviceAccount", "nodeName"})
_ENFORCED = "pod-security.kubernetes.io/enforce"
_IMAGE = "rehearsal"


@dataclass(frozen=True)
class Room:
    """What a tenant's namespace lets in: the level of Pod Security, and the specs of quota and limits, if any."""

    level: str = ""
    quota: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class QueuePod:
    """The pod of one queue; `key` is where the queue stands in its tenant's file."""

    tenant: str
    key: str
    pod: Mapping[str, Any]
    room: Room


def queue_pods(steps: Sequence[Step]) -> Iterator[QueuePod]:
    """The pods that differ from before, and all of a tenant whose namespace would let in something else."""
    agents = [step for step in steps if step.token == RELEASE and step.tenant and step.operation != "delete"]
    for step in agents:
        of_tenant = [each for each in steps if each.tenant == step.tenant]
        before, now = _room([each.old for each in of_tenant]), _room([each.new for each in of_tenant])
        earlier = _pods(step.old)
        for queue, pod in _pods(step.new).items():
            if before != now or earlier.get(queue) != pod:
                yield QueuePod(step.tenant, f"{_agent_key(step)}.{queue}", pod, now)


def _agent_key(step: Step) -> str:
    use = step.name.removeprefix(f"{step.tenant}-").removeprefix("agent").removeprefix("-")
    return f"agents.{use}" if use else "agent"


def _room(declared: Sequence[Mapping[str, Any]]) -> Room:
    of_kind = {str(each.get("kind")): each for each in declared if each.get("kind")}
    labels = (of_kind.get("Namespace", {}).get("metadata") or {}).get("labels") or {}
    specs = [of_kind.get(kind, {}).get("spec") or {} for kind in ("ResourceQuota", "LimitRange")]
    return Room(str(labels.get(_ENFORCED, "")), *specs)


def _pods(release: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """By `queues.<name>` or `appsQueue`; a key of a queue's overrides takes the place of the base's."""
    values = release.get("values")
    agent = _mapping(_mapping(values).get("agentk8sglue"))
    queues = {f"queues.{name}": _mapping(each) for name, each in _mapping(agent.get("queues")).items()}
    apps = _mapping(agent.get("appsQueue"))
    queues |= {"appsQueue": apps} if apps.get("enabled") is True else {}
    base = _mapping(agent.get("basePodTemplate"))
    return {key: _pod({**base, **_mapping(queue.get("templateOverrides"))}) for key, queue in queues.items()}


def _pod(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """The template's keys are those of a pod's spec, of its one container, or of its metadata."""
    container = {key: value for key, value in template.items() if key in _OF_CONTAINER}
    container |= _called(template, "containerSecurityContext", "securityContext")
    spec = {key: value for key, value in template.items() if key in _OF_POD - _ELSEWHERE}
    spec |= _called(template, "podSecurityContext", "securityContext")
    for more, own, place in (
        ("extraVolumes", "volumes", spec),
        ("extraVolumeMounts", "volumeMounts", container),
    ):
        if isinstance(template.get(more), list):
            place[own] = [*(place.get(own) or []), *template[more]]
    metadata = {key: template[key] for key in ("labels", "annotations") if template.get(key)}
    task = {"name": "task", "image": _IMAGE, **container}
    if isinstance(task.get("resources"), Mapping):
        task["resources"] = {kind: _without_shares(each) for kind, each in task["resources"].items()}
    return {"metadata": metadata, "spec": {"restartPolicy": "Never", **spec, "containers": [task]}}


def _without_shares(amounts: object) -> object:
    """Parts of a GPU are taken out by an operator of the real cluster, before its API server judges them."""
    if not isinstance(amounts, Mapping):
        return amounts
    return {name: value for name, value in amounts.items() if not is_share(str(name), value)}


def _called(template: Mapping[str, Any], name: str, called: str) -> dict[str, Any]:
    return {called: template[name]} if template.get(name) else {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
