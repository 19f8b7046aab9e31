"""The one retry policy: what follows each class of failure (`TABLE`), how long, how often.

A call sends again what was certainly not executed, or changes nothing (`call_rule`). A write whose outcome is unknown
is looked for before it is sent again (`write_and_verify`); where the server may still be at it, the look comes last
after `Limits.server_seconds`. A create or update that failed all the same may wait for the API (`waits_for_api`). The
table is printed in docs/retries.md.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import tenacity

from components.clearml.api import errors
from components.clearml.api.connection import Limits
from components.clearml.api.errors import FailedCall

T = TypeVar("T")


class Effect(Enum):
    """Whether a call changes anything on the server."""

    READ = "read"
    WRITE = "write"


class Step(Enum):
    """What follows a failure."""

    REPEAT = "repeat"
    LOOK = "look, then repeat"
    WAIT = "wait for the server, look, then repeat"
    STOP = "stop"


class Look(Enum):
    """What a look may say beside what it found."""

    REPEAT = "the write was carried out and its result is of no use: do it again"


@dataclass(frozen=True)
class Rule:
    """What follows a failed read and a failed write, and whether a create or update then waits for the API."""

    read: Step
    write: Step
    waits_for_api: bool = False


# The nearest class counts: an error that has no row of its own has that of the class it derives from.
TABLE: dict[type[FailedCall], Rule] = {
    errors.Unreachable: Rule(Step.REPEAT, Step.REPEAT, waits_for_api=True),
    errors.RateLimited: Rule(Step.REPEAT, Step.REPEAT),
    errors.ConnectionLost: Rule(Step.REPEAT, Step.WAIT, waits_for_api=True),
    errors.TimedOut: Rule(Step.REPEAT, Step.WAIT),
    errors.GatewayFault: Rule(Step.REPEAT, Step.WAIT, waits_for_api=True),
    errors.ServerFault: Rule(Step.REPEAT, Step.LOOK),
    errors.GarbledAnswer: Rule(Step.REPEAT, Step.LOOK),
    errors.AnswerTooLarge: Rule(Step.STOP, Step.LOOK),
    FailedCall: Rule(Step.STOP, Step.STOP),
}


def rule_of(failure: FailedCall) -> Rule:
    return next(TABLE[each] for each in type(failure).__mro__ if each in TABLE)


def step(failure: BaseException, effect: Effect) -> Step:
    """What follows this failure of a call."""
    if not isinstance(failure, FailedCall):
        return Step.STOP
    rule = rule_of(failure)
    return rule.read if effect is Effect.READ else rule.write


def outcome_unknown(failure: BaseException) -> bool:
    """Whether the server may have executed the call although it failed."""
    return step(failure, Effect.WRITE) in (Step.LOOK, Step.WAIT)


def waits_for_api(failure: FailedCall) -> bool:
    """Whether a create or update waits for the API and is then done once more: nobody is there to answer now."""
    return rule_of(failure).waits_for_api


_ends: ContextVar[float | None] = ContextVar("_ends", default=None)


@contextmanager
def budget(limits: Limits) -> Iterator[float]:
    """Until when another attempt may begin; who is called inside shares the budget. Monotonic seconds."""
    shared = _ends.get()
    if shared is not None:
        yield shared
        return
    end = time.monotonic() + limits.total_seconds
    mark = _ends.set(end)
    try:
        yield end
    finally:
        _ends.reset(mark)


def call_rule(limits: Limits, effect: Effect, end: float) -> tenacity.Retrying:
    """The rule for sending one call, until `end`; the last failure is raised as it was."""
    growing = tenacity.wait_exponential_jitter(
        multiplier=limits.first_pause, max=limits.longest_pause, jitter=limits.first_pause
    )

    def pause(state: tenacity.RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.retry_after if isinstance(failure, FailedCall) else None
        return growing(state) if asked is None else max(asked, limits.first_pause)

    def stop(state: tenacity.RetryCallState) -> bool:
        return state.attempt_number >= limits.attempts or time.monotonic() + state.upcoming_sleep >= end

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda failure: step(failure, effect) is Step.REPEAT),
        wait=pause,
        stop=stop,
        reraise=True,
    )


class Patience:
    """How long a run waits in all for servers that went on with a write; waits at the same time count once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._guard = threading.Lock()
        self._waiting = 0
        self._since = 0.0

    @contextmanager
    def wait(self, seconds: float) -> Iterator[float]:
        """Yields how many of the seconds may be waited."""
        with self._guard:
            now = time.monotonic()
            left = self._seconds - (now - self._since if self._waiting else 0.0)
            self._since = self._since if self._waiting else now
            self._waiting += 1
        try:
            yield max(0.0, min(seconds, left))
        finally:
            with self._guard:
                self._waiting -= 1
                if not self._waiting:
                    self._seconds -= time.monotonic() - self._since


def write_and_verify(
    limits: Limits,
    write: Callable[[], T],
    look: Callable[[], T | Look | None],
    patience: Patience | None = None,
) -> T:
    """Do a write so that it took effect once, whatever got lost on the way.

    After a failure that leaves the outcome open `look` says what the write left behind; only if that is nothing (None)
    it is done again. Raises the last failure when the bounds are reached, OutcomeUnknown if the server could not be
    waited for.
    """
    patience = patience or Patience(limits.server_seconds * limits.attempts)
    with budget(limits) as end:
        for attempt in itertools.count(1):
            try:
                return write()
            except FailedCall as failure:
                if not outcome_unknown(failure):
                    raise
                found = _looked_for(limits, failure, look, patience)
                if found is not None and not isinstance(found, Look):
                    return found
                pause = _pause_before(limits, attempt, failure)
                if attempt >= limits.attempts or time.monotonic() + pause >= end:
                    raise
            time.sleep(pause)
    raise AssertionError("unreachable")


def _looked_for(
    limits: Limits, failure: FailedCall, look: Callable[[], T | Look | None], patience: Patience
) -> T | Look | None:
    """What the write left behind; nothing is believed before the server has had its time. Raises OutcomeUnknown."""
    needed = limits.server_seconds if step(failure, Effect.WRITE) is Step.WAIT else 0.0
    with patience.wait(needed) as granted:
        found = _look_for(limits, look, granted)
    if found is None and granted < needed:
        raise errors.OutcomeUnknown(failure.failure) from None
    return found


def _look_for(limits: Limits, look: Callable[[], T | Look | None], seconds: float) -> T | Look | None:
    """Look at once, again in growing pauses, and for the last time after so many seconds. Raises FailedCall."""
    end = time.monotonic() + seconds
    pause = max(limits.first_pause, 0.01)
    while True:
        last = time.monotonic() >= end
        try:
            found = look()
        except FailedCall as failure:
            if last or step(failure, Effect.READ) is not Step.REPEAT:
                raise
            found = None
        if found is not None or last:
            return found
        time.sleep(max(0.0, min(pause, end - time.monotonic())))
        pause = max(min(2 * pause, limits.longest_pause), 0.01)


def _pause_before(limits: Limits, attempt: int, failure: FailedCall) -> float:
    """Seconds until the next attempt: what the server asked for, else a doubling pause."""
    growing = min(limits.first_pause * 2.0 ** (attempt - 1), limits.longest_pause)
    return growing if failure.retry_after is None else max(failure.retry_after, growing)
