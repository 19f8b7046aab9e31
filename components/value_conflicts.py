"""Finds, before anything is made, where free values (`extraValues`, `extraEnvs`) clash with what this program sets.

Clashes show when the values are made, which needs no engine and no secret: placeholders stand in for those. Nulls show
there too, which an old kubernetes plugin would lose on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pulumi

from components.kubernetes_plugin import drops_nulls, version
from components.values.agent import agent_values
from components.values.extra import ClashError
from components.values.gateway import gateway_values
from components.values.made import Made
from components.values.nulls import KEPT_SINCE, nulls
from components.values.server import server_values
from settings.checks.every import file_of
from settings.checks.workers import agent_key
from settings.errors import Fault
from settings.loading.load import Environment, read, sound, stack_file_of
from settings.loading.secrets import Secrets
from settings.models.server_secrets import INTERNAL_KEYS, ServerSecrets
from settings.models.stack import PROJECT, StackSettings
from settings.models.tenant import Tenant
from settings.models.workers import Agent, Gateway

_ANY = "placeholder"


def load(root: Path, stack: str) -> Environment:
    """As `settings.loading.load`.

    Raises ConfigurationError with every clash of every release beside every fault of the files.
    """
    reading = read(root, stack)
    found = tuple(value_conflicts(reading.environment)) if reading.environment else ()
    # Where a key is to be taken out, how its value would be written has no bearing: one line a key.
    taken_out = {(fault.file, fault.key) for fault in found}
    rest = tuple(fault for fault in reading.faults if (fault.file, fault.key) not in taken_out)
    return sound(replace(reading, faults=rest), found)


def value_conflicts(environment: Environment) -> Iterator[Fault]:
    """A fault for each free value that this program sets too, in whichever file it stands."""
    stack, file = environment.stack, stack_file_of(environment.name)
    secrets, made = _stand_ins(environment)
    yield from _faults(lambda: server_values(stack, secrets, made), file, "", f"{PROJECT}:stack.server")
    for tenant in environment.tenants:
        yield from _of_workers(tenant, stack, file_of(environment.name, tenant.name), made.pull_secret)


def _of_workers(
    tenant: Tenant, stack: StackSettings, file: str, pull_secret: pulumi.Input[str] | None
) -> Iterator[Fault]:
    for use, agent in tenant.all_agents.items():
        if not (_is_extra(agent) or drops_nulls()):
            continue
        runs = use == tenant.apps_agent
        make = partial(agent_values, agent, stack, "", "", runs_applications=runs, pull_secret=pull_secret)
        yield from _faults(make, file, tenant.name, agent_key(use))
    if tenant.gateway and (_is_extra(tenant.gateway) or drops_nulls()):
        chart_version = stack.charts.gateway.at(tenant.charts.gateway).version
        of_gateway = partial(
            gateway_values, tenant.gateway, stack, "", "", pull_secret=pull_secret, chart_version=chart_version
        )
        yield from _faults(of_gateway, file, tenant.name, "gateway")


def _is_extra(worker: Agent | Gateway) -> bool:
    """Most have nothing that could clash, and a thousand tenants are checked while one waits."""
    return bool(worker.extra_values or worker.extra_envs)


def _stand_ins(environment: Environment) -> tuple[Secrets, Made]:
    """Something in the place of all that the values have beside the settings, so that they have the same keys."""
    given = environment.secrets
    return Secrets(_ANY, _ANY, _ANY, _ANY, server=ServerSecrets.by_kind(dict.fromkeys(given, _ANY))), Made(
        pull_secret=_ANY if "imageToken" in given else None,
        internal_keys=dict.fromkeys(INTERNAL_KEYS, _ANY),
        group_ids={key: _ANY for key, _ in environment.stack.groups.cross_tenant()},
    )


def _faults(values: Callable[[], Mapping[str, Any]], file: str, tenant: str, key: str) -> Iterator[Fault]:
    """What making the values is refused with, as faults of the settings at `key` of `file`."""
    try:
        made = values()
    except ClashError as error:
        yield from (Fault(file, tenant, f"{key}.{below}", text) for below, text in error.clashes)
        return
    if drops_nulls():
        yield from (Fault(file, tenant, key, _lost(path)) for path in nulls(made))


def _lost(path: str) -> str:
    return (
        f"the chart's value {path} is null, which the kubernetes plugin {version()} would drop; use plugin "
        f"{KEPT_SINCE} or newer (on a laptop: PLUGINS=official make up), or write what the chart is to have instead"
    )
