"""Drops the SDK's debug messages.

It sends the engine four to five a resource. Each is a call that holds up the whole program until it is answered, and
the engine throws it away unless it runs with `--debug` (docs/upstream/python-sdk-debug-messages.md).
"""

from __future__ import annotations

import os

import pulumi

# The engine takes each of its options from such a variable, too, and hands its variables on to the program.
VARIABLE = "PULUMI_OPTION_DEBUG"


def drop_debug_messages() -> None:
    """Send none, unless the engine's variable asks for them; a program is not told of the option `--debug`."""
    if os.environ.get(VARIABLE, "").lower() not in ("1", "true"):
        pulumi.log.debug = _drop


def _drop(*_message: object, **_options: object) -> None:
    return None
