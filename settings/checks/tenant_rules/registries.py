"""Where charts and images come from: places that the stack's file lists, as their code runs in the cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.facts import Facts
from settings.finding import Finding, Where, setting
from settings.grant import REGISTRIES, Grant
from settings.models.charts import Chart
from settings.models.extra import ExtraVariable
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.models.workers.agent import Agent, Queue
from settings.types.naming import worker_key
from settings.types.registries import is_listed, is_on_this_machine, place_of_address, unlisted_images
from settings.types.secrets.url_login import quoted


@check("the stack's charts and images come from its registries", precedence="last")
def check_stack_registries(facts: Facts) -> Iterator[Finding]:
    """A chart, or an image of the server's, from elsewhere."""
    if (settings := facts.settings) is None:
        return
    for name, chart in settings.charts.each().items():
        place = place_of_chart(chart)
        if place and not is_listed(place, settings.registries):
            key = "repository" if chart.repository else "chart"
            yield _refusal(setting("", f"charts.{name}.{key}"), place, settings)
    server = settings.server
    values = {
        "apiserver": {"extraEnvs": _variables(server.apiserver.extra_envs)},
        "webserver": {"extraEnvs": _variables(server.webserver.extra_envs)},
        "extraValues": server.extra_values,
    }
    for key, place in unlisted_images(values, settings.registries, "server"):
        yield _refusal(setting("", key), place, settings)


@check("tenants' images come from the stack's registries", precedence="last")
@for_each_tenant
def check_tenant_registries(tenant: Tenant, settings: StackSettings, _: Grants) -> Iterator[Finding]:
    """An image from elsewhere."""
    for where, values in _values(tenant):
        for key, place in unlisted_images(values, settings.registries, where):
            yield _refusal(setting(tenant.name, key), place, settings)


def place_of_chart(chart: Chart) -> str:
    """Where it comes from; empty for a folder, for this very machine, and for what only helm's own settings know."""
    return "" if not chart.address or is_on_this_machine(chart.address) else place_of_address(chart.address)


def _values(tenant: Tenant) -> Iterator[tuple[str, Mapping[str, object]]]:
    """What may name images, by the key of its worker."""
    for use, agent in tenant.all_agents.items():
        yield worker_key(use), _agents(agent)
    for use, gateway in tenant.all_gateways.items():
        yield worker_key(use), {"extraEnvs": _variables(gateway.extra_envs), "extraValues": gateway.extra_values}


def _agents(agent: Agent) -> Mapping[str, object]:
    return {
        "defaultContainerImage": agent.default_container_image,
        "basePodTemplate": agent.base_pod_template,
        "queues": {name: _queue(queue) for name, queue in agent.queues.items()},
        "appsQueue": _queue(agent.apps_queue) if agent.apps_queue else {},
        "multiNode": agent.multi_node,
        "monitoredResources": agent.monitored_resources,
        "orchestrationDashboard": agent.orchestration_dashboard,
        "extraEnvs": _variables(agent.extra_envs),
        "extraValues": agent.extra_values,
    }


def _queue(queue: Queue) -> Mapping[str, object]:
    return {"queueSettings": queue.queue_settings, "templateOverrides": queue.template_overrides}


def _variables(variables: Iterable[ExtraVariable]) -> list[Mapping[str, object]]:
    return [{"name": each.name, "value": each.value} for each in variables]


def _refusal(where: Where, place: str, settings: StackSettings) -> Finding:
    if not place:
        text = (
            "is no image's name (not shown), and may hold a login or arguments; write it like python:3.12, a login as "
            "a Secret under imagePullSecrets, and what a pod may do in basePodTemplate"
        )
        return Finding(where, text)
    host, _, path = place.partition("/")
    way = Grant(REGISTRIES, (*settings.registries, "/".join(filter(None, (host, path.partition("/")[0])))))
    text = (
        f"comes from {quoted(place)}, which is none of the stack's registries, and what runs from there sees keys; "
        f"take it from one of them, or write {way} into the stack's settings"
    )
    return Finding(where, text, grant=way)
