"""When a call is repeated, as values: what was the failure, how often, how long. Nothing here sleeps or calls.

A read is repeated after any failure that may pass. A write is repeated only if it was certainly not executed
(no connection, 429); after a doubtful failure its caller looks first whether it took effect: see `settled`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

import tenacity

from components.clearml.connection import Limits
from components.clearml.errors import FailedCall, RateLimited

T = TypeVar("T")


class Effect(Enum):
    """Whether a call changes anything on the server."""

    READ = "read"
    WRITE = "write"


def repeatable(failure: BaseException, effect: Effect) -> bool:
    """Whether the same call may simply be sent again."""
    if not isinstance(failure, FailedCall) or not failure.passing:
        return False
    return effect is Effect.READ or not failure.doubtful


def doubtful(failure: BaseException) -> bool:
    """Whether the server may have executed the call although it failed."""
    return isinstance(failure, FailedCall) and failure.doubtful


def _pause(limits: Limits) -> Callable[[tenacity.RetryCallState], float]:
    """What the server asked for (Retry-After), else a doubling pause with jitter; in seconds."""
    growing = tenacity.wait_exponential_jitter(
        multiplier=limits.first_pause, max=limits.longest_pause, jitter=limits.first_pause
    )

    def pause(state: tenacity.RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.retry_after if isinstance(failure, RateLimited) else None
        return growing(state) if asked is None else max(asked, limits.first_pause)

    return pause


def rule(limits: Limits, again: Callable[[BaseException], bool]) -> tenacity.Retrying:
    """A retry rule bounded in count and time; the last failure is raised as it was."""
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(again),
        wait=_pause(limits),
        stop=tenacity.stop_after_attempt(limits.attempts) | tenacity.stop_before_delay(limits.total_seconds),
        reraise=True,
    )


def call_rule(limits: Limits, effect: Effect) -> tenacity.Retrying:
    """The rule for sending one call."""
    return rule(limits, lambda failure: repeatable(failure, effect))


def settled(limits: Limits, write: Callable[[], T], look: Callable[[], T | None]) -> T:
    """Do a write so that it took effect once, whatever got lost on the way.

    After each doubtful failure `look` says what the write left behind; only if that is nothing (None) it is done
    again. Raises the last failure when the bounds are reached.
    """
    started = False

    def attempt() -> T:
        nonlocal started
        if started:
            found = look()
            if found is not None:
                return found
        started = True
        return write()

    try:
        return rule(limits, doubtful)(attempt)
    except FailedCall as failure:
        found = look() if doubtful(failure) else None
        if found is not None:
            return found
        raise
