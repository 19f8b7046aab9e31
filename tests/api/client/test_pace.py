"""How often the API is called: bounded for all threads together, retries too; told apart without waiting."""

from __future__ import annotations

import threading
import time

from components.clearml.api.calls import companies
from components.clearml.api.client import Client
from components.clearml.api.rate_limit import RateLimiter
from tests.api.runs import connection
from tests.emulator import Emulator


def test_turns_are_evenly_apart() -> None:
    """And an idle time is not made up for."""
    now, slept = [100.0], list[float]()
    pace = RateLimiter(4, clock=lambda: now[0], sleep=slept.append)
    for _ in range(3):
        pace.wait()
    assert slept == [0.25, 0.5]
    now[0] = 200.0
    pace.wait()
    pace.wait()
    assert slept == [0.25, 0.5, 0.25]


def test_without_a_bound_nobody_waits() -> None:
    slept = list[float]()
    pace = RateLimiter(None, sleep=slept.append)
    for _ in range(100):
        pace.wait()
    assert slept == []


def test_threads_and_retries_keep_the_rate(emulator: Emulator) -> None:
    """Four at a time, as the plugin works; one of the calls fails twice."""
    emulator.faults([{"endpoint": "system.get_companies", "kind": "html", "times": 2}])
    started = time.monotonic()
    with Client(connection(emulator, calls_per_second=20)) as client:
        threads = [threading.Thread(target=companies.every, args=[client]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(emulator.calls()) == 6
    assert time.monotonic() - started >= 5 / 20
