"""Finds, before anything is made, where free values (`extraValues`, `extraEnvs`) clash with what this program sets.

Clashes show when the values are made, which needs no engine and no secret: placeholders stand in for those. Nulls show
there too, which an old kubernetes plugin would lose on the way.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pulumi

from components.kubernetes_plugin import drops_nulls, version
from components.values.agent import agent_values
from components.values.extra import ClashError
from components.values.gateway import gateway_values
from components.values.nulls import KEPT_SINCE, nulls
from components.values.provisioned_inputs import ProvisionedInputs
from components.values.secrets.namespace import NamespaceSecrets
from components.values.server import server_values
from settings.check_registry import check, registered
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.fingerprint import CHECKED
from settings.loading.load import Environment, read, sound
from settings.loading.secrets import Secrets
from settings.models.server.secrets import INTERNAL_KEYS, ServerSecrets
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.workers.agent import Agent
from settings.models.workers.gateway import Gateway
from settings.types.naming import worker_key

_ANY = "placeholder"


@check("free values leave alone what this program sets, and no null is lost", precedence="first")
def check_value_conflicts(facts: Facts) -> Iterator[Finding]:
    """An error for each free value that this program sets too, in whichever file it stands.

    Where a key is to be taken out, how its value would be written has no bearing: one line a key.
    """
    if (stack := facts.settings) is None:
        return
    secrets, made = _stand_ins(stack, facts.secrets)
    yield from _faults(lambda: server_values(stack, secrets, made), "", "server")
    for tenant in facts.tenants:
        yield from _of_workers(tenant, stack, made.pull_secret, NamespaceSecrets.of_tenant(tenant, stack, secrets))


def _of_workers(
    tenant: Tenant, stack: StackSettings, pull_secret: pulumi.Input[str] | None, secrets: NamespaceSecrets
) -> Iterator[Finding]:
    for use, agent in tenant.all_agents.items():
        if not (_is_extra(agent) or drops_nulls()):
            continue
        runs = use == tenant.apps_agent
        make = partial(
            agent_values, agent, stack, "", "", runs_applications=runs, pull_secret=pull_secret, secrets=secrets
        )
        yield from _faults(make, tenant.name, worker_key(use))
    for use, gateway in tenant.all_gateways.items():
        if not (_is_extra(gateway) or drops_nulls()):
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
        yield from _faults(of_gateway, tenant.name, worker_key(use))


def _is_extra(worker: Agent | Gateway) -> bool:
    """Most have nothing that could clash, and a thousand tenants are checked while one waits."""
    return bool(worker.extra_values or worker.extra_envs)


def _stand_ins(stack: StackSettings, given: Collection[str]) -> tuple[Secrets, ProvisionedInputs]:
    """Something in the place of all that the values have beside the settings, so that they have the same keys."""
    return Secrets(_ANY, _ANY, _ANY, _ANY, server=ServerSecrets.by_kind(dict.fromkeys(given, _ANY))), ProvisionedInputs(
        pull_secret=_ANY if "imageToken" in given else None,
        internal_keys=dict.fromkeys(INTERNAL_KEYS, _ANY),
        group_ids={key: _ANY for key, _ in stack.groups.cross_tenant()},
    )


def _faults(values: Callable[[], Mapping[str, Any]], tenant: str, key: str) -> Iterator[Finding]:
    """What making the values is refused with, as errors of the settings at `key`."""
    try:
        made = values()
    except ClashError as error:
        yield from (Finding(setting(tenant, f"{key}.{below}"), text) for below, text in error.clashes)
        return
    if drops_nulls():
        yield from (Finding(setting(tenant, key), _lost(path)) for path in nulls(made))


def _lost(path: str) -> str:
    return (
        f"the chart's value {path} is null, which the kubernetes plugin {version()} would drop; use plugin "
        f"{KEPT_SINCE} or newer (on a laptop: PLUGINS=official make up), or write what the chart is to have instead"
    )


CHECKS = registered()
"""Every check there is: those of the files, and the one above."""


def load(root: Path, stack: str) -> Environment:
    """As `settings.loading.load`, with every check; other stacks' tenants not again if `make up` has checked them.

    Raises ConfigurationError with every error of every file.
    """
    return sound(read(root, stack, CHECKS, os.environ.get(CHECKED, "")))
