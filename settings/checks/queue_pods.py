"""Checks of each queue's pod against what its namespace will hold: where the pod is refused, a task never starts.

As far as it can be computed from the files; the API server says it only when a task is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from settings.check_registry import check
from settings.checks.pod_data import holds_data
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.isolation import Limits, Quota, limits, pod_security, quota
from settings.models.workers.agent import Agent
from settings.types.naming import worker_key
from settings.types.pod_security import Level, annotation_refusal, refusal
from settings.types.quantity import amount
from settings.types.tree import children

_Found = Iterator[tuple[str, str]]


@check("each queue's pod may start in what its namespace allows")
def check_queue_pods(facts: Facts) -> Iterator[Finding]:
    """Every pod that the namespace would refuse, and a quota that refuses each pod without limits."""
    if (settings := facts.settings) is None:
        return
    tenants = facts.tenants
    for tenant in tenants:
        level = pod_security(settings.isolation, tenant.isolation)
        held, most = limits(settings.isolation, tenant.isolation), quota(settings.isolation, tenant.isolation)
        for use, agent in tenant.all_agents.items():
            for key, text in (*_refused_by_level(agent, level), *_too_large(agent, held, most)):
                yield Finding(setting(tenant.name, f"{worker_key(use)}.{key}"), text)
        if tenant.all_agents:
            for name in _without_limits(held, most):
                text = f"quota.other.{name} refuses every pod without such a limit, and nobody gives it one; write"
                what = name.partition(".")[2]
                yield Finding(setting(tenant.name, "isolation.limits"), f"{text} default: {{{what}: …}} here", WARNING)


def _refused_by_level(agent: Agent, level: Level) -> _Found:
    if level == "privileged":
        return
    for key, template in _templates(agent):
        for path, what in _node_access(template, level):
            text = f"{what} is refused by Pod Security, which is {level} in this namespace, so no such task starts;"
            fix = "take it out" if level == "baseline" else "take it out, or set isolation.podSecurity: baseline"
            yield f"{key}.{path}", f"{text} {fix}, or ask for privileged as isolation.privilegedTenants says"


def _templates(agent: Agent) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "basePodTemplate", agent.base_pod_template
    yield "containerSecurityContext", agent.container_security_context
    for name, queue in agent.queues.items():
        yield f"queues.{name}.templateOverrides", queue.template_overrides
    if agent.apps_queue:
        yield "appsQueue.templateOverrides", agent.apps_queue.template_overrides
    free = agent.extra_values.get("agentk8sglue")
    if isinstance(free, Mapping) and isinstance(free.get("basePodTemplate"), Mapping):
        yield "extraValues.agentk8sglue.basePodTemplate", free["basePodTemplate"]


def _node_access(value: object, level: Level, path: str = "") -> _Found:
    above = path.rpartition(".")[2]
    for key, here, item in children(value, path):
        if above.lower().endswith("annotations"):
            what = annotation_refusal(key, item, level)
        else:
            what = "" if holds_data(above) else refusal(key, item, level)
        if what:
            yield here, what
        else:
            yield from _node_access(item, level, here)


def _too_large(agent: Agent, held: Limits, most: Quota) -> _Found:
    """One pod that asks for more than any may have, or than all together."""
    for name, queue in agent.queues.items():
        override = queue.template_overrides.get("resources")
        from_base = not isinstance(override, Mapping)
        resources = agent.base_pod_template.get("resources") if from_base else override
        key = "basePodTemplate" if from_base else f"queues.{name}.templateOverrides"
        if isinstance(resources, Mapping):
            for path, text in _beyond(resources, held, most):
                yield f"{key}.resources.{path}", f"{text}, so no task of queue {name!r} starts; lower it, or raise that"


def _beyond(resources: Mapping[str, Any], held: Limits, most: Quota) -> _Found:
    bounds = {"cpu": held.max.cpu, "memory": held.max.memory}
    requested = resources.get("requests") or {}
    for kind in ("requests", "limits"):
        asked = resources.get(kind)
        for what, value in asked.items() if isinstance(asked, Mapping) else ():
            bound, whole = bounds.get(what), _whole(most, kind, what, is_request=what in requested)
            if _more(value, bound):
                yield f"{kind}.{what}", f"{value!r} is over isolation.limits.max, {bound!r}"
            elif _more(value, whole):
                yield f"{kind}.{what}", f"{value!r} is over the whole quota of the namespace, {whole!r}"


def _whole(most: Quota, kind: str, what: str, *, is_request: bool) -> str | None:
    """What a namespace may have in all of the resource `what`; None without such a bound.

    `is_request`: whether the pod says its request, for which Kubernetes else takes the limit, too.
    """
    requests = {"cpu": most.cpu, "memory": most.memory}
    if what == most.gpu_resource:
        return None if most.gpus is None else str(most.gpus)
    if what not in requests:
        return most.other.get(f"requests.{what}")
    if kind == "requests":
        return requests[what]
    bounds = (most.other.get(f"limits.{what}"), None if is_request else requests[what])
    return min(filter(None, bounds), key=amount, default=None)


def _more(value: object, bound: str | None) -> bool:
    asked = _amount(value)
    return bound is not None and asked is not None and asked > amount(bound)


def _amount(value: object) -> Decimal | None:
    try:
        return amount(str(value))
    except ValueError:
        return None


def _without_limits(held: Limits, most: Quota) -> Iterator[str]:
    for what in ("cpu", "memory"):
        if f"limits.{what}" in most.other and not (getattr(held.default, what) or getattr(held.max, what)):
            yield f"limits.{what}"
