"""How an error of ours reaches a person: its sentence alone, where the engine would show Python's traceback."""

from __future__ import annotations

import sys
import traceback

from components.clearml.api.errors import ClearMLError

_format_exc = traceback.format_exc


def show_sentences() -> None:
    """Let this process show an error of ours as its text, and any other without the lines of code that led to it.

    For the process of the dynamic providers alone: the SDK hands on to the engine what `traceback.format_exc` makes of
    an exception, and there is no other way to what it prints. Safe to call again.
    """
    sys.tracebacklimit = 0
    traceback.format_exc = _sentence


def _sentence(limit: int | None = None, chain: bool = True) -> str:
    error = sys.exc_info()[1]
    return str(error) if isinstance(error, ClearMLError) else _format_exc(limit, chain)
