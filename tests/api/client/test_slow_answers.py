"""A server that is slow, huge or goes on after its gateway gave up: a call ends in time, and nothing is made twice."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from components.clearml.api import errors
from components.clearml.api.calls import companies
from components.clearml.api.client import Client
from components.clearml.api.connection import Limits
from tests.api.answering import ONCE, failure_of, speaking
from tests.api.runs import QUICK, Tenant, connection
from tests.emulator import Emulator, start_emulator

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BODY = b'{"data": {"companies": []}}'
# The server's time is as long as a call's own.
IMPATIENT = Limits(connect_seconds=5, answer_seconds=0.6, total_seconds=20, first_pause=0.005, longest_pause=0.02)


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Emulator]:
    """A server that takes a second company of the same name."""
    server = start_emulator(tmp_path, {"CLEARML__apiserver__company__unique_names": "false"})
    yield server
    server.stop()


@pytest.mark.parametrize("times", [1, 2])
def test_gateway_that_gives_up_makes_one_company(twins: Emulator, times: int) -> None:
    """It says 504, and the server carries the call out after that."""
    twins.faults([{"endpoint": "system.create_company", "kind": "late", "times": times, "seconds": 0.4}])
    tenant = Tenant(twins, limits=IMPATIENT)
    tenant.up()
    time.sleep(0.5)  # whatever was late has been carried out
    assert tenant.companies() == [tenant.state["company"].id]


@pytest.mark.parametrize("times", [1, 2])
def test_gateway_that_gives_up_leaves_one_key(emulator: Emulator, times: int) -> None:
    emulator.faults([{"endpoint": "auth.create_credentials", "kind": "late", "times": times, "seconds": 0.4}])
    tenant = Tenant(emulator, limits=IMPATIENT)
    tenant.up()
    time.sleep(0.5)
    tenant.assert_exact()


def test_write_is_not_sent_again_where_the_run_may_not_wait(twins: Emulator) -> None:
    """`apiWaitSeconds` bounds all waits of a run; what it cannot wait for ends in a line, and the next run finds it."""
    twins.faults([{"endpoint": "system.create_company", "kind": "late", "times": 1, "seconds": 0.6}])
    tenant = Tenant(twins, limits=replace(IMPATIENT, answer_seconds=30))
    tenant.wait_seconds = 0.2
    with pytest.raises(errors.OutcomeUnknown, match="run the same command again in some minutes"):
        tenant.up()
    assert sum(call["endpoint"] == "system.create_company" for call in twins.calls()) == 1
    time.sleep(0.7)
    tenant.up()
    assert tenant.companies() == [tenant.state["company"].id]


def test_a_byte_at_a_time_does_not_hold_a_call(emulator: Emulator) -> None:
    emulator.faults([{"endpoint": "system.get_companies", "kind": "drip", "times": 1, "seconds": 0.1}])
    started = time.monotonic()
    failure = failure_of(connection(emulator, ONCE))
    assert isinstance(failure, errors.TimedOut)
    assert time.monotonic() - started < 1.5


def test_write_that_was_answered_a_byte_at_a_time_is_done_once(twins: Emulator) -> None:
    twins.faults([{"endpoint": "system.create_company", "kind": "drip", "times": 1, "seconds": 0.1}])
    tenant = Tenant(twins, limits=IMPATIENT)
    started = time.monotonic()
    tenant.up()
    assert time.monotonic() - started < 5
    assert tenant.companies() == [tenant.state["company"].id]


@pytest.mark.parametrize(
    "pieces",
    [
        [bytes([each]) for each in OK + b"Content-Length: 27\r\n\r\n" + BODY],
        [OK, *[b"X-More: 1\r\n"] * 40],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 40,
        [OK + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\n \r\n"] * 40],
    ],
    ids=["all of it", "headers", "continue", "chunks"],
)
def test_whatever_comes_slowly_ends_at_the_deadline(pieces: list[bytes]) -> None:
    started = time.monotonic()
    with speaking(*pieces, pause=0.05) as where:
        failure = failure_of(where)
    assert isinstance(failure, errors.TimedOut)
    assert time.monotonic() - started < 1.5


def test_ping_keeps_its_deadline_too() -> None:
    started = time.monotonic()
    with (
        speaking(*(bytes([each]) for each in OK * 3), pause=0.05) as where,
        Client(where) as client,
        pytest.raises(errors.TimedOut),
    ):
        client.ping(0.5)
    assert time.monotonic() - started < 1.5


def test_bomb_is_not_unpacked(emulator: Emulator) -> None:
    """A megabyte becomes a thousand; nobody needs more memory than an answer may have."""
    emulator.faults([{"endpoint": "system.get_companies", "kind": "bomb", "times": 1}])
    tracemalloc.start()
    try:
        failure = failure_of(connection(emulator, replace(QUICK, answer_seconds=30)))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(failure, errors.UnexpectedAnswer)
    assert "larger" in str(failure)
    assert most < 200 * 2**20


def test_write_that_was_answered_with_a_bomb_is_done_once(twins: Emulator) -> None:
    twins.faults([{"endpoint": "system.create_company", "kind": "bomb", "times": 1}])
    tenant = Tenant(twins)
    tenant.up()
    assert tenant.companies() == [tenant.state["company"].id]


def test_answer_without_end() -> None:
    chunk = b"100000\r\n" + b" " * 2**20 + b"\r\n"
    with speaking(OK + b"Transfer-Encoding: chunked\r\n\r\n", chunk, endless=True) as where:
        failure = failure_of(replace(where, limits=replace(ONCE, answer_seconds=20)))
    assert "larger" in str(failure)


def test_reads_go_on_where_a_late_gateway_is_back(emulator: Emulator) -> None:
    emulator.faults([{"endpoint": "system.get_companies", "kind": "late", "times": 2, "seconds": 0}])
    with Client(connection(emulator)) as client:
        assert companies.every(client)
