"""Progress a person can follow: the step, how long it has taken, how long it usually takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)
_FIRST_SECONDS = 1.0
_REPEAT_SECONDS = 15.0


def _seconds(value: float) -> str:
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.1f} min"


Doing = str | Callable[[], str]


def _line(what: str, doing: Doing, elapsed: float, estimate: float | None) -> str:
    usual = f" of about {_seconds(estimate)}" if estimate else ""
    return f"{what}: {doing if isinstance(doing, str) else doing()} ({_seconds(elapsed)}{usual})"


def note(text: str) -> None:
    """One line for the person; no markup is read from it."""
    console.print(text, markup=False)


@contextmanager
def step(what: str, doing: Doing, estimate: float | None = None) -> Iterator[None]:
    """Show `what: doing (elapsed of about estimate)` while the block runs; `estimate` is in seconds. What changes
    while it runs is asked for each line: `doing` may be called.

    On a terminal a spinner ticks every second; elsewhere a line comes at the start, then every 15 s, so that a log
    shows it is alive. The end is one line with the time taken, only if it took long enough to be noticed.
    """
    started = time.monotonic()
    done = threading.Event()
    tell = _on_terminal if console.is_terminal else _in_log
    teller = threading.Thread(target=tell, args=(what, doing, estimate, started, done), daemon=True)
    teller.start()
    try:
        yield
    except BaseException:
        done.set()
        teller.join()
        raise
    done.set()
    teller.join()
    elapsed = time.monotonic() - started
    if elapsed > 1:
        note(f"{what}: done in {_seconds(elapsed)}")


def _on_terminal(what: str, doing: Doing, estimate: float | None, started: float, done: threading.Event) -> None:
    with console.status(_line(what, doing, 0, estimate)) as status:
        while not done.wait(1):
            status.update(_line(what, doing, time.monotonic() - started, estimate))


def _in_log(what: str, doing: Doing, estimate: float | None, started: float, done: threading.Event) -> None:
    if done.wait(_FIRST_SECONDS):
        return
    note(_line(what, doing, time.monotonic() - started, estimate))
    while not done.wait(_REPEAT_SECONDS):
        note(_line(what, doing, time.monotonic() - started, estimate))
