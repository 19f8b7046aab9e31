"""The runs of an environment's shards: those that have anything to do, side by side, and a line each at the end."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from threading import Lock

from operations.command import is_on
from operations.deployment.engines import Engines
from operations.deployment.side_by_side import side_by_side
from operations.deployment.up import Common, Due, Show, deploy, due_run
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.parts import short

# As the engine reads it.
_CONFIRMED = "PULUMI_SKIP_CONFIRMATIONS"


@dataclass(frozen=True)
class _Outcome:
    line: str
    error: OperationError | None = None


def up_shards(
    shards: Sequence[EngineStack], common: Common, show: Show, *, everything: bool, no_run_at_work: bool, jobs: int
) -> list[OperationError]:
    """Run those that have anything to do, at most `jobs` at a time; of each that is not complete, why.

    Several engines cannot ask in one terminal: unless they are told not to, they run one after the other.
    Raises ConfigurationError, and OperationError where the engine says nothing of one.
    """
    show = _one_at_a_time(show)
    ask = partial(due_run, show=show, everything=everything, common=common)
    due = list(filter(None, side_by_side(shards, ask, jobs)))
    jobs = max(1, min(len(due), jobs))
    if jobs > 1 and not is_on(os.environ, _CONFIRMED):
        show(f"{len(due)} shards run one after the other, as each asks; side by side with {_CONFIRMED}=true")
        jobs = 1
    engines = Engines(show)
    run = partial(_run, engines, show=show, no_run_at_work=no_run_at_work, beside_others=jobs > 1)
    with engines.stopped_by_signals() if jobs > 1 else nullcontext():
        ended = side_by_side(due, run, jobs)
    for each in ended if len(due) > 1 else ():
        show(each.line)
    return [each.error for each in ended if each.error]


def _run(engines: Engines, due: Due, *, show: Show, no_run_at_work: bool, beside_others: bool) -> _Outcome:
    """Its line is shown at once, too, since others are still at work."""
    name, began = short(due.stack.name), time.monotonic()
    try:
        engines.require_going(due.stack)
        counts = deploy(due, engines, show, no_run_at_work=no_run_at_work, beside_others=beside_others)
        ended = _Outcome(f"{name}: done in {time.monotonic() - began:.0f} s{counts and f': {counts}'}")
    except OperationError as error:
        ended = _Outcome(f"{name}: not complete after {time.monotonic() - began:.0f} s: {error}", error)
    show(ended.line)
    return ended


def _one_at_a_time(show: Show) -> Show:
    """So that no line of one begins within another's."""
    lock = Lock()

    def whole(line: str) -> None:
        with lock:
            show(line)

    return whole
