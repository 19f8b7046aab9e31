"""Retry rules and shared answers, without a server and without waiting."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from components.clearml.api.connection import Limits
from components.clearml.api.errors import (
    BadCredentials,
    ConnectionLost,
    FailedCall,
    Failure,
    GatewayFault,
    OutcomeUnknown,
    RateLimited,
    ServerFault,
    Unreachable,
)
from components.clearml.api.retry import TABLE, Effect, Patience, Rule, Step, budget, call_rule, step, write_and_verify
from components.clearml.run.single_flight_cache import SingleFlightCache

FACTS = Failure("any.call", "because")
FAST = Limits(attempts=4, first_pause=0.0, longest_pause=0.0, settle_seconds=0.0)
FAR = float("inf")
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("failure", "read", "write"),
    [
        (Unreachable(FACTS), True, True),
        (RateLimited(FACTS), True, True),
        (ConnectionLost(FACTS), True, False),
        (ServerFault(FACTS), True, False),
        (BadCredentials(FACTS), False, False),
        (ValueError(), False, False),
    ],
)
def test_what_is_repeated(failure: Exception, read: bool, write: bool) -> None:
    assert (step(failure, Effect.READ) is Step.REPEAT) is read
    assert (step(failure, Effect.WRITE) is Step.REPEAT) is write


def test_attempts_are_bounded() -> None:
    tries = count(1)

    def fail() -> None:
        next(tries)
        raise ServerFault(FACTS)

    with pytest.raises(ServerFault):
        call_rule(FAST, Effect.READ, FAR)(fail)
    assert next(tries) == 5


def test_time_is_bounded() -> None:
    """A server that asks to come back in an hour gets an error now."""

    def fail() -> None:
        raise RateLimited(replace(FACTS, retry_after=3600.0))

    with pytest.raises(RateLimited):
        call_rule(Limits(), Effect.WRITE, time.monotonic() + 5)(fail)


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

    assert write_and_verify(FAST, write, look) == ("first" if done else "again")
    assert there == (["first"] if done else ["again"])


def test_last_lost_answer_is_looked_for_too() -> None:
    there: list[int] = []
    tries = count(1)

    def write() -> int:
        if next(tries) == FAST.attempts:
            there.append(1)
        raise ConnectionLost(FACTS)

    assert write_and_verify(FAST, write, lambda: there[0] if there else None) == 1


def test_refused_write_is_not_repeated() -> None:
    tries = count(1)

    def write() -> int:
        next(tries)
        raise BadCredentials(FACTS)

    with pytest.raises(FailedCall):
        write_and_verify(FAST, write, lambda: None)
    assert next(tries) == 2


def test_threads_share_one_answer() -> None:
    """Although the first is still being fetched when the others ask."""
    fetched = count(1)
    gate = threading.Barrier(4)

    def fetch(_: str) -> int:
        time.sleep(0.2)
        return next(fetched)

    shared: SingleFlightCache[str, int] = SingleFlightCache(fetch)
    found: list[int] = []

    def ask() -> None:
        gate.wait(5)
        found.append(shared.get("list"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
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

    shared: SingleFlightCache[str, str] = SingleFlightCache(fetch)
    slow = threading.Thread(target=lambda: shared.get("list"))
    slow.start()
    asked.wait(5)
    shared.drop("list")
    go_on.set()
    slow.join()
    assert shared.get("list") == "after"


def test_amended_answer_needs_no_fetch() -> None:
    shared: SingleFlightCache[str, tuple[int, ...]] = SingleFlightCache(lambda _: (1,))
    shared.get("list")
    shared.amend("list", lambda kept: (*kept, 2))
    assert shared.get("list") == (1, 2)


def test_old_answer_is_asked_for_again() -> None:
    fetched = count(1)
    shared: SingleFlightCache[str, int] = SingleFlightCache(lambda _: next(fetched), seconds=0)
    assert [shared.get("list"), shared.get("list")] == [1, 2]


@pytest.mark.parametrize("failure", [GatewayFault(FACTS), ConnectionLost(FACTS)])
def test_server_has_its_time_before_a_write_is_sent_again(failure: FailedCall) -> None:
    """What it does late is found by then, and is not done twice."""
    limits = replace(FAST, settle_seconds=0.4, first_pause=0.01, longest_pause=0.05)
    began: list[float] = []

    def write() -> str:
        began.append(time.monotonic())
        raise failure

    assert write_and_verify(limits, write, lambda: "late" if time.monotonic() - began[0] > 0.3 else None) == "late"
    assert len(began) == 1


def test_server_that_answered_itself_is_not_waited_for() -> None:
    tries, started = count(1), time.monotonic()

    def write() -> int:
        if next(tries) == 1:
            raise ServerFault(FACTS)
        return 7

    assert write_and_verify(replace(FAST, settle_seconds=30), write, lambda: None) == 7
    assert time.monotonic() - started < 1


def test_run_waits_for_servers_only_so_long_in_all() -> None:
    """Then a write fails, and is not sent again: nobody knows what became of it."""
    patience, tries = Patience(0.3), count(1)

    def write() -> int:
        next(tries)
        raise GatewayFault(FACTS)

    started = time.monotonic()
    for _ in range(3):
        with pytest.raises(OutcomeUnknown):
            write_and_verify(replace(FAST, settle_seconds=5, longest_pause=0.05), write, lambda: None, patience)
    assert next(tries) == 4
    assert time.monotonic() - started < 2


def test_a_call_inside_a_write_shares_its_budget() -> None:
    limits = Limits(attempts=99, total_seconds=0.5, first_pause=0.05, longest_pause=0.05, settle_seconds=0.0)
    started = time.monotonic()

    def write() -> None:
        with budget(limits) as end:
            call_rule(limits, Effect.WRITE, end)(fail)

    def fail() -> None:
        raise (Unreachable if time.monotonic() - started < 0.4 else ServerFault)(FACTS)

    with pytest.raises(FailedCall):
        write_and_verify(limits, write, lambda: None)
    assert time.monotonic() - started < 0.7


def _printed(failure: type[FailedCall], rule: Rule) -> str:
    name = "any other" if failure is FailedCall else f"`{failure.__name__}`"
    told = "" if failure is FailedCall else (failure.__doc__ or "").strip().splitlines()[0].rstrip(".")
    then = "wait for the API, then once more" if rule.waits_for_api else "stop"
    return f"| {name} | {told} | {rule.read.value} | {rule.write.value} | {then} |"


def test_docs_print_the_table_of_the_code() -> None:
    printed = [line for line in (ROOT / "docs" / "retries.md").read_text().splitlines() if line.startswith("|")][2:]
    assert printed == [_printed(failure, rule) for failure, rule in TABLE.items()]
