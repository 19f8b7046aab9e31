"""Ctrl-C and SIGTERM while the engine works: the first lets it end what is under way, the second stops at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import psutil

from local.errors import LocalError
from local.progress import note

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def patient() -> Iterator[None]:
    """Run the engine under it. Raises KeyboardInterrupt once the engine has ended, if it was asked to stop."""
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        note("stopping: what is under way ends first (once more to stop at once)")
        if number == signal.SIGTERM:
            _pass_on()

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    except LocalError:
        if not asked:
            raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        raise KeyboardInterrupt


def _pass_on() -> None:
    """A terminal's Ctrl-C reaches the engine by itself; a SIGTERM reaches only us."""
    for child in psutil.Process().children():
        if child.name() == "pulumi":
            child.send_signal(signal.SIGINT)
