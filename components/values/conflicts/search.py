"""Where free values clash with what this program sets, found by making the values with placeholders for secrets.

Pure, and needs the SDK, whose types the values are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import pulumi

from components.values.agent import agent_values
from components.values.conflicts import presence
from components.values.extra import ClashError
from components.values.gateway import gateway_values
from components.values.nulls import KEPT_SINCE, nulls
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.secrets.namespace import NamespaceSecrets
from components.values.server import server_values
from settings.finding import Finding, setting
from settings.loading.secrets import Secrets
from settings.models.server.secrets import INTERNAL_KEYS, ServerSecrets
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import worker_key

_ANY = "placeholder"


def conflicts(
    stack: StackSettings, tenants: Iterable[Tenant], given: Collection[str], null_plugin: str
) -> Iterator[Finding]:
    """An error for each; `given` are the keys of the stack's secrets, `null_plugin` the version of a kubernetes plugin
    that drops nulls, empty for one that keeps them."""
    secrets, made = _stand_ins(stack, given)
    yield from _faults(lambda: server_values(stack, secrets, made), "", "server", null_plugin)
    for tenant in tenants:
        of_tenant = NamespaceSecrets.of_tenant(tenant, stack, secrets)
        yield from _of_workers(tenant, stack, made.pull_secret, of_tenant, null_plugin)


def _of_workers(
    tenant: Tenant,
    stack: StackSettings,
    pull_secret: pulumi.Input[str] | None,
    secrets: NamespaceSecrets,
    null_plugin: str,
) -> Iterator[Finding]:
    for use, agent in tenant.all_agents.items():
        if not (presence.of_worker(agent) or null_plugin):
            continue
        runs = use == tenant.apps_agent
        make = partial(
            agent_values, agent, stack, "", "", runs_applications=runs, pull_secret=pull_secret, secrets=secrets
        )
        yield from _faults(make, tenant.name, worker_key(use), null_plugin)
    for use, gateway in tenant.all_gateways.items():
        if not (presence.of_worker(gateway) or null_plugin):
            continue
        chart_version = stack.charts.gateway.at(tenant.charts.gateway).version
        of_gateway = partial(
            gateway_values,
            gateway,
            stack,
            "",
            "",
            pull_secret=pull_secret,
            chart_version=chart_version,
            secrets=secrets,
        )
        yield from _faults(of_gateway, tenant.name, worker_key(use), null_plugin)


def _stand_ins(stack: StackSettings, given: Collection[str]) -> tuple[Secrets, ProvisionedInputs]:
    """Something in the place of all that the values have beside the settings, so that they have the same keys."""
    return Secrets(_ANY, _ANY, _ANY, _ANY, server=ServerSecrets.by_kind(dict.fromkeys(given, _ANY))), ProvisionedInputs(
        pull_secret=_ANY if "imageToken" in given else None,
        internal_keys=dict.fromkeys(INTERNAL_KEYS, _ANY),
        group_ids={key: _ANY for key, _ in stack.groups.cross_tenant()},
    )


def _faults(values: Callable[[], Mapping[str, Any]], tenant: str, key: str, null_plugin: str) -> Iterator[Finding]:
    """What making the values is refused with, as errors of the settings at `key`."""
    try:
        made = values()
    except ClashError as error:
        yield from (Finding(setting(tenant, f"{key}.{below}"), text) for below, text in error.clashes)
        return
    if null_plugin:
        yield from (Finding(setting(tenant, key), _lost(path, null_plugin)) for path in nulls(made))


def _lost(path: str, null_plugin: str) -> str:
    return (
        f"the chart's value {path} is null, which the kubernetes plugin {null_plugin} would drop; use plugin "
        f"{KEPT_SINCE} or newer (on a laptop: PLUGINS=official make up), or write what the chart is to have instead"
    )
