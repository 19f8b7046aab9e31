"""Retry rules and shared answers, without a server and without waiting."""

from __future__ import annotations

import threading
from itertools import count

import pytest

from components.clearml.connection import Limits
from components.clearml.errors import (
    BadCredentials,
    ConnectionLost,
    FailedCall,
    Failure,
    RateLimited,
    ServerFault,
    Unreachable,
)
from components.clearml.retry import Effect, call_rule, repeatable, settled
from components.clearml.shared import Shared

FACTS = Failure("any.call", "because")
FAST = Limits(attempts=4, first_pause=0.0, longest_pause=0.0)


@pytest.mark.parametrize(
    ("failure", "read", "write"),
    [
        (Unreachable(FACTS), True, True),
        (RateLimited(FACTS, 1.0), True, True),
        (ConnectionLost(FACTS), True, False),
        (ServerFault(FACTS), True, False),
        (BadCredentials(FACTS), False, False),
        (ValueError(), False, False),
    ],
)
def test_what_is_repeated(failure: Exception, read: bool, write: bool) -> None:
    assert repeatable(failure, Effect.READ) is read
    assert repeatable(failure, Effect.WRITE) is write


def test_attempts_are_bounded() -> None:
    tries = count(1)

    def fail() -> None:
        next(tries)
        raise ServerFault(FACTS)

    with pytest.raises(ServerFault):
        call_rule(FAST, Effect.READ)(fail)
    assert next(tries) == 5


def test_time_is_bounded() -> None:
    """A server that asks to come back in an hour gets an error now."""

    def fail() -> None:
        raise RateLimited(FACTS, 3600.0)

    with pytest.raises(RateLimited):
        call_rule(Limits(total_seconds=5), Effect.WRITE)(fail)


@pytest.mark.parametrize("done", [True, False])
def test_doubtful_write_is_looked_for_first(done: bool) -> None:
    """Found: that is it. Not found: done again, once."""
    there: list[str] = []

    def write() -> str:
        if there or (not done and looked):
            there.append("again")
            return "again"
        if done:
            there.append("first")
        raise ConnectionLost(FACTS)

    looked: list[bool] = []

    def look() -> str | None:
        looked.append(True)
        return there[0] if there else None

    assert settled(FAST, write, look) == ("first" if done else "again")
    assert there == (["first"] if done else ["again"])


def test_last_lost_answer_is_looked_for_too() -> None:
    there: list[int] = []
    tries = count(1)

    def write() -> int:
        if next(tries) == FAST.attempts:
            there.append(1)
        raise ConnectionLost(FACTS)

    assert settled(FAST, write, lambda: there[0] if there else None) == 1


def test_refused_write_is_not_repeated() -> None:
    tries = count(1)

    def write() -> int:
        next(tries)
        raise BadCredentials(FACTS)

    with pytest.raises(FailedCall):
        settled(FAST, write, lambda: None)
    assert next(tries) == 2


def test_threads_share_one_answer() -> None:
    fetched = count(1)
    gate = threading.Barrier(4)
    shared: Shared[str, int] = Shared(lambda _: next(fetched))
    found: list[int] = []

    def ask() -> None:
        gate.wait()
        found.append(shared.get("list"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1, 1]
    assert shared.fresh("list") == 2


def test_answer_asked_for_before_a_write_is_not_kept() -> None:
    """A slow list that began before our write ends after it: the next reader asks again."""
    asked, go_on = threading.Event(), threading.Event()
    answers = iter(["before", "after"])

    def fetch(_: str) -> str:
        answer = next(answers)
        if answer == "before":
            asked.set()
            go_on.wait(5)
        return answer

    shared: Shared[str, str] = Shared(fetch)
    slow = threading.Thread(target=lambda: shared.get("list"))
    slow.start()
    asked.wait(5)
    shared.drop("list")
    go_on.set()
    slow.join()
    assert shared.get("list") == "after"


def test_amended_answer_needs_no_fetch() -> None:
    shared: Shared[str, tuple[int, ...]] = Shared(lambda _: (1,))
    shared.get("list")
    shared.amend("list", lambda kept: (*kept, 2))
    assert shared.get("list") == (1, 2)


def test_old_answer_is_asked_for_again() -> None:
    fetched = count(1)
    shared: Shared[str, int] = Shared(lambda _: next(fetched), seconds=0)
    assert [shared.get("list"), shared.get("list")] == [1, 2]
