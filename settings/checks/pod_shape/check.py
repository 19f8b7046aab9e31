"""Every queue's pod is one that an API server takes, as far as its template tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from settings.check_registry import check
from settings.checks.pod_shape import fields, resources, restricted
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.isolation import pod_security
from settings.models.workers.agent import Agent
from settings.types.naming import worker_key

_NEVER = "so no such task starts"


@check("each queue's pod is one that Kubernetes takes", precedence="last")
def check_pod_shape(facts: Facts) -> Iterator[Finding]:
    """What stops each pod of a template, and what in it nobody reads."""
    if (settings := facts.settings) is None:
        return
    for tenant in facts.tenants:
        restricted_here = pod_security(settings.isolation, tenant.isolation) == "restricted"
        for use, agent in tenant.all_agents.items():
            base = agent.base_pod_template
            yield from _queue_settings(tenant.name, worker_key(use), agent)
            if restricted_here:
                yield from _unsaid(tenant.name, worker_key(use), agent)
            for key, template in _templates(agent):
                at = f"{worker_key(use)}.{key}"
                for path, text in (*fields.refused(template), *_resources(template, base)):
                    why, _, fix = text.partition("; ")
                    said = f"{why}, {_NEVER}{f'; {fix}' if fix else ''}"
                    yield Finding(setting(tenant.name, f"{at}.{path}"), said)
                tiny = [(f"resources.{path}", text) for path, text in resources.tiny(template.get("resources"))]
                for path, text in (*fields.doubtful(template, base), *tiny):
                    yield Finding(setting(tenant.name, f"{at}.{path}"), text, WARNING)


def _queue_settings(tenant: str, worker: str, agent: Agent) -> Iterator[Finding]:
    for name, queue in agent.queues.items():
        for key, text in fields.queue_settings(queue.queue_settings):
            yield Finding(setting(tenant, f"{worker}.queues.{name}.queueSettings.{key}"), text, WARNING)


def _unsaid(tenant: str, worker: str, agent: Agent) -> Iterator[Finding]:
    """A queue's own template may say it, too."""
    for name, queue in agent.queues.items():
        unsaid = list(
            restricted.missing(
                agent.base_pod_template, {"securityContext": agent.container_security_context}, queue.template_overrides
            )
        )
        if unsaid:
            text = f"does not say {', '.join(unsaid)}, without which Pod Security, restricted here, refuses each pod of"
            fix = f"queue {name!r}; write it like {restricted.EXAMPLE}"
            yield Finding(setting(tenant, f"{worker}.basePodTemplate"), f"{text} {fix}", WARNING)


def _resources(template: Mapping[str, Any], base: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, text in resources.refused(template.get("resources"), base.get("resources")):
        yield f"resources.{path}", text


def _templates(agent: Agent) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "basePodTemplate", agent.base_pod_template
    for name, queue in agent.queues.items():
        yield f"queues.{name}.templateOverrides", queue.template_overrides
    if agent.apps_queue:
        yield "appsQueue.templateOverrides", agent.apps_queue.template_overrides
