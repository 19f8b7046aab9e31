"""A run that is killed after any of its calls, or that gives up on a server which goes on: the next one finishes it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.api.faulty import attempt
from tests.api.kill import kill_at
from tests.api.runs import QUICK, Tenant
from tests.emulator import Emulator, start_emulator

_numbers = itertools.count()


def _tenant(server: Emulator) -> Tenant:
    n = next(_numbers)
    return Tenant(
        server,
        name=f"tenant{n}",
        email=f"admin@t{n}.example",
        domains=(f"t{n}.example", f"t{n}.org"),
        admins=(f"ann@t{n}.example",),
        users=(f"bob@t{n}.example", f"cid@t{n}.example"),
    )


@pytest.mark.parametrize("tells", ["custom_data", "users", "absent"])
def test_killed_run(tmp_path: Path, tells: str) -> None:
    """Killed after any call: the next run finishes it, however the server counts the users of a company."""
    server = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": f'{{"company_user_counts": "{tells}"}}'})
    try:
        survived = sum(1 for _ in _killed_after_each_call(server, counted=tells != "absent"))
    finally:
        server.stop()
    assert survived > 10


def _killed_after_each_call(server: Emulator, *, counted: bool) -> Iterator[int]:
    for calls in itertools.count(1):
        newcomer = _tenant(server)
        if not kill_at(calls, newcomer.up):
            return
        line = attempt(newcomer.up)
        if line:
            # Only a company that nobody is in yet, and only where the server does not say that nobody is.
            assert not counted, line
            assert not newcomer.members(), line
            assert "adopt: true" in line
        else:
            newcomer.assert_exact()
        yield calls


def test_slow_server_that_finishes_after_we_gave_up(emulator: Emulator) -> None:
    """Timed out, looked, done again, and then the first call is carried out too: still one live key a purpose."""
    newcomer = _tenant(emulator)
    newcomer.limits = replace(QUICK, answer_seconds=0.5, settle_seconds=0.5)
    emulator.faults([{"endpoint": "auth.create_credentials", "kind": "slow", "times": 1, "seconds": 0.7}])
    attempt(newcomer.up)
    newcomer.limits = QUICK
    newcomer.up()
    time.sleep(0.7)  # whatever the server was slow with, it has done by now
    assert len(newcomer.companies()) == 1
    assert {label: len(held) for label, held in newcomer.keys().items()} == {
        f"test/{newcomer.name}/agent/1": 1,
        f"test/{newcomer.name}/gateway/1": 1,
    }
