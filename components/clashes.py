"""Finds, before anything is made, where free values (`extraValues`, `extraEnvs`) clash with what this program sets.

Clashes show when the values are made, which needs no engine and no secret: placeholders stand in for those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from components.values.agent import agent_values
from components.values.extra import ClashError
from components.values.gateway import gateway_values
from components.values.server import server_values
from config.checks import file_of
from config.errors import ConfigurationError, Fault
from config.load import Environment, stack_file_of
from config.secrets import Secrets
from config.stack import PROJECT, StackSettings
from config.tenant import Tenant
from config.worker_checks import agent_key

_SECRETS = Secrets("placeholder", "placeholder", "placeholder", "placeholder")


def refuse_clashes(environment: Environment) -> None:
    """Raises ConfigurationError with every clash of every release."""
    faults = list(clashes(environment))
    if faults:
        raise ConfigurationError(sorted(faults))


def clashes(environment: Environment) -> Iterator[Fault]:
    """A fault for each free value that this program sets too, in whichever file it stands."""
    stack, file = environment.stack, stack_file_of(environment.name)
    yield from _faults(lambda: server_values(stack, _SECRETS), file, "", f"{PROJECT}:stack.server")
    for tenant in environment.tenants:
        yield from _of_workers(tenant, stack, file_of(environment.name, tenant.name))


def _of_workers(tenant: Tenant, stack: StackSettings, file: str) -> Iterator[Fault]:
    for use, agent in tenant.all_agents.items():
        make = partial(agent_values, agent, stack, "", "", runs_applications=use == tenant.apps_agent)
        yield from _faults(make, file, tenant.name, agent_key(use))
    if tenant.gateway:
        yield from _faults(partial(gateway_values, tenant.gateway, stack, "", ""), file, tenant.name, "gateway")


def _faults(values: Callable[[], object], file: str, tenant: str, key: str) -> Iterator[Fault]:
    """What making the values is refused with, as faults of the settings at `key` of `file`."""
    try:
        values()
    except ClashError as error:
        yield from (Fault(file, tenant, f"{key}.{below}", text) for below, text in error.clashes)
