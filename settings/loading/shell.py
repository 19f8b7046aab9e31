"""A shell that is set to one stack alone, as `make env` sets one to the local stack, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping

from settings.errors import ConfigurationError
from settings.finding import Finding, Where

ONLY_STACK = "CLEARML_TENANTS_STACK"
"""The variable that names the one stack which a shell's backend, passphrase, cluster and API are for."""


def require_stack_of_shell(stack: str, variables: Mapping[str, str]) -> None:
    """Raises ConfigurationError if `variables` hold the settings of another stack than `stack`.

    A real stack's state and secrets would end up with a laptop's, under its public passphrase.
    """
    only = variables.get(ONLY_STACK)
    if only and stack.rpartition("/")[2] != only:
        text = (
            f"`make env` set this shell to that stack's backend, passphrase, cluster and API, which are not those of "
            f"stack {stack}: leave it with `exit` or open another shell, then run this again there"
        )
        raise ConfigurationError([Finding(Where(ONLY_STACK, "", only), text)])
