"""What a shell's variables must not say: another stack's settings, and to print or write secrets in plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from settings.errors import ConfigurationError
from settings.finding import Finding, Where

ONLY_STACK = "CLEARML_TENANTS_STACK"
"""The variable that names the one stack which a shell's backend, passphrase, cluster and API are for."""
_LOCAL = "local"
# Whose values have the engine, or a plugin of it, put secrets into its output, a log or a file.
_TELLING = {
    "PULUMI_OPTION_SHOW_SECRETS": re.compile(r"1|t|true", re.IGNORECASE),
    "PULUMI_DEBUG_GRPC": re.compile(r".+"),
    "PULUMI_OPTION_VERBOSE": re.compile(r"(?:9|[1-9][0-9]+)"),
    "TF_LOG": re.compile(r"trace|debug|json", re.IGNORECASE),
    "TF_LOG_PROVIDER": re.compile(r"trace|debug|json", re.IGNORECASE),
}


def require_shell(stack: str, variables: Mapping[str, str]) -> None:
    """Raises ConfigurationError if `variables` hold the settings of another stack than `stack`, or, for any but the
    laptop's, have its secrets printed.

    A real stack's state and secrets would end up with a laptop's, under its public passphrase.
    """
    short = stack.rpartition("/")[2]
    only = variables.get(ONLY_STACK)
    if only and short != only:
        text = (
            f"`make env` set this shell to that stack's backend, passphrase, cluster and API, which are not those of "
            f"stack {stack}: leave it with `exit` or open another shell, then run this again there"
        )
        raise ConfigurationError([Finding(Where(ONLY_STACK, "", only), text)])
    told = [name for name, values in _TELLING.items() if values.fullmatch(variables.get(name, "").strip())]
    if told and short != _LOCAL:
        text = f"has the engine or a plugin write secrets of stack {stack} in plain text; unset it, or try stack local"
        raise ConfigurationError(Finding(Where("", "", name), text) for name in told)
