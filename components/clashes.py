"""Finds, before anything is made, where free values (`extraValues`, `extraEnvs`) clash with what this program sets.

Clashes show when the values are made, which needs no engine and no secret: placeholders stand in for those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from components.values.extra import ClashError
from components.values.server import server_values
from config.errors import ConfigurationError, Fault
from config.load import Environment, stack_file_of
from config.secrets import Secrets
from config.stack import PROJECT

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


def _faults(values: Callable[[], object], file: str, tenant: str, key: str) -> Iterator[Fault]:
    """What making the values is refused with, as faults of the settings at `key` of `file`."""
    try:
        values()
    except ClashError as error:
        yield from (Fault(file, tenant, f"{key}.{below}", text) for below, text in error.clashes)
