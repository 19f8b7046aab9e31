"""Whatever goes wrong with whichever call, once or three times in a row: a run succeeds or ends in one plain line, and
a plain second run converges. Never two companies, two admins or two live keys for one purpose.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.clearml.client import Client
from components.clearml.errors import ClearMLError
from tests.api.runs import QUICK, Tenant
from tests.emulator import Emulator, start_emulator

KINDS = ("refuse", "slow", "error-before", "error-after", "lost-answer", "rate-limit", "html", "truncated")
# A read is the same for the server whether it was done or not, so half of the kinds tell nothing new.
READ_KINDS = ("refuse", "html", "rate-limit", "truncated")
MAKING_WRITES = (
    "system.create_company",
    "auth.create_user",
    "auth.create_credentials",
    "login.set_domains",
    "login.add_whitelist_entries",
)
MAKING_READS = (
    "system.get_companies",
    "auth.get_users_info",
    "users.get_current_user",
    "login.get_whitelist",
    "login.get_settings",
)
REMOVING_WRITES = ("auth.revoke_credentials", "login.set_domains", "login.remove_whitelist_entries")
REMOVING_READS = ("users.get_current_user", "login.get_settings", "login.get_whitelist")
MAKING = [
    *itertools.product(MAKING_WRITES, KINDS, (1, 3)),
    *itertools.product(MAKING_READS, READ_KINDS, (3,)),
]
REMOVING = [*itertools.product(REMOVING_WRITES, KINDS), *itertools.product(REMOVING_READS, READ_KINDS)]
_numbers = itertools.count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One emulator for all cases; each case has a tenant of its own."""
    running = start_emulator(tmp_path_factory.mktemp("faults"))
    yield running
    running.stop()


@pytest.fixture
def newcomer(server: Emulator) -> Iterator[Tenant]:
    yield _tenant(server)
    server.faults([])


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


def _fault(endpoint: str, kind: str, times: int) -> dict[str, Any]:
    fault: dict[str, Any] = {"endpoint": endpoint, "kind": kind, "times": times}
    return {**fault, "seconds": {"slow": 0.1, "rate-limit": 0.0}[kind]} if kind in ("slow", "rate-limit") else fault


def _attempt(act: Any) -> str | None:
    """The one line of a failed run, None of one that succeeded."""
    try:
        act()
    except ClearMLError as failure:
        lines = str(failure).splitlines()
    else:
        return None
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize(("endpoint", "kind", "times"), MAKING)
def test_first_run(server: Emulator, newcomer: Tenant, endpoint: str, kind: str, times: int) -> None:
    server.faults([_fault(endpoint, kind, times)])
    line = _attempt(newcomer.up)
    server.faults([])
    if line:
        newcomer.up()
    newcomer.assert_exact()
    assert newcomer.up() == []


@pytest.mark.parametrize(("endpoint", "kind"), REMOVING)
def test_removal(server: Emulator, newcomer: Tenant, endpoint: str, kind: str) -> None:
    newcomer.up()
    server.faults([_fault(endpoint, kind, 3)])
    line = _attempt(newcomer.destroy)
    server.faults([])
    if line:
        newcomer.destroy()
    assert newcomer.keys() == {}
    assert newcomer.rules() == (set(), {})
    assert len(newcomer.companies()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_change(server: Emulator, newcomer: Tenant, kind: str) -> None:
    newcomer.up()
    newcomer.name += " renamed"
    newcomer.admin_name = "Another Name"
    newcomer.domains = newcomer.domains[:1]
    # One e-mail moves from the users to the admins, one leaves.
    newcomer.admins, newcomer.users = (*newcomer.admins, newcomer.users[0]), ()
    for skipped in range(6):
        server.faults([{"endpoint": "*", "kind": "slow", "times": skipped, "seconds": 0.0}, _fault("*", kind, 3)])
        if not _attempt(newcomer.up):
            break
    server.faults([])
    newcomer.up()
    assert len(newcomer.companies()) == 1
    assert newcomer.rules() == (set(newcomer.domains), dict.fromkeys(newcomer.admins, "admin"))
    assert newcomer.up() == []


class _Killed(BaseException):
    """The process is gone."""


def _kill_after(monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    """The server does that many calls for us; we live to see the answers of all but the last."""
    whole, done = Client._once, itertools.count(1)

    def once(self: Client, *args: Any) -> Any:
        answer = whole(self, *args)
        if next(done) == calls:
            raise _Killed
        return answer

    monkeypatch.setattr(Client, "_once", once)


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
        with pytest.MonkeyPatch.context() as killing:
            _kill_after(killing, calls)
            try:
                newcomer.up()
            except _Killed:
                pass
            else:
                return
        line = _attempt(newcomer.up)
        if line:
            # Only a company that nobody is in yet, and only where the server does not say that nobody is.
            assert not counted, line
            assert not newcomer.members(), line
            assert "adopt: true" in line
        else:
            newcomer.assert_exact()
        yield calls


def test_slow_server_that_finishes_after_we_gave_up(server: Emulator, newcomer: Tenant) -> None:
    """Timed out, looked, done again, and then the first call is carried out too: still one live key a purpose."""
    newcomer.limits = replace(QUICK, answer_seconds=0.5)
    server.faults([{"endpoint": "auth.create_credentials", "kind": "slow", "times": 1, "seconds": 0.7}])
    _attempt(newcomer.up)
    newcomer.limits = QUICK
    newcomer.up()
    time.sleep(0.7)  # whatever the server was slow with, it has done by now
    assert len(newcomer.companies()) == 1
    assert {label: len(held) for label, held in newcomer.keys().items()} == {
        f"test/{newcomer.name}/agent/1": 1,
        f"test/{newcomer.name}/gateway/1": 1,
    }
