"""Whatever goes wrong while a service account is made, moved or removed, the next run ends as declared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from settings.models.tenant import Tenant
from tests.api.environment import Environment
from tests.api.faulty import KINDS, attempt, fault
from tests.api.kill import kill_at
from tests.api.service_account.tenants import ACCOUNT, ADMIN, KEYS, accounts, acme, labels_by_owner
from tests.emulator import Emulator, start_emulator

_CALLS = ("auth.create_service_user", "users.get_service_users", "auth.edit_user", "auth.revoke_credentials")


def _exact(server: Emulator, environment: Environment, *, there: bool = True) -> None:
    """One account and its keys, every one of them known; nothing is left to do."""
    assert labels_by_owner(server) == ({ACCOUNT: KEYS} if there else {ADMIN: KEYS})
    assert len(accounts(server)) == there
    live = {each["access_key"] for each in server.state()["credentials"] if each["label"]}
    assert live == set(environment.keys().values())
    assert environment.up([acme(enabled=there)]) == []


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("endpoint", _CALLS)
def test_whatever_goes_wrong_the_next_run_mends_it(emulator: Emulator, endpoint: str, kind: str, times: int) -> None:
    environment = Environment(emulator)
    environment.up([acme(enabled=False)])
    emulator.faults([fault(endpoint, kind, times)])
    attempt(lambda: environment.up([acme()]))
    emulator.faults([])
    environment.up([acme()])
    _exact(emulator, environment)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("endpoint", ["auth.delete_user", "users.get_service_users"])
def test_whatever_goes_wrong_the_next_run_removes_it(emulator: Emulator, endpoint: str, kind: str) -> None:
    environment = Environment(emulator)
    environment.up([acme()])
    emulator.faults([fault(endpoint, kind, 3)])
    attempt(lambda: environment.up([acme(enabled=False)]))
    emulator.faults([])
    environment.up([acme(enabled=False)])
    _exact(emulator, environment, there=False)


def _made(environment: Environment) -> list[Tenant]:
    return [acme()]


def _moved(environment: Environment) -> list[Tenant]:
    environment.up([acme(enabled=False)])
    return [acme()]


def _removed(environment: Environment) -> list[Tenant]:
    environment.up([acme()])
    return [acme(enabled=False)]


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("begin", [_made, _moved, _removed])
def test_killed_after_any_call(
    tmp_path: Path, begin: Callable[[Environment], list[Tenant]], listed: bool, lost: bool
) -> None:
    """The next run finishes it, also without what the killed one wrote into the state; no second account is made."""
    assumed = {"service_users_listed": listed}
    server = start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps(assumed)})
    survived = 0
    try:
        while _killed_after(server, survived + 1, begin, lost):
            survived += 1
    finally:
        server.stop()
    assert survived >= len(_CALLS)


def _killed_after(server: Emulator, calls: int, begin: Callable[[Environment], list[Tenant]], lost: bool) -> bool:
    """Whether the run lived that long; it starts from an empty server."""
    server.empty()
    environment = Environment(server)
    wanted = begin(environment)
    before = environment.saved()
    if not kill_at(calls, lambda: environment.up(wanted)):
        return False
    environment = before if lost else environment
    there = wanted[0].service_account.enabled
    line = attempt(lambda: environment.up(wanted))
    assert line is None or "adopt: true" in line, (calls, line)
    if line is None:
        for _ in range(2):
            environment.refresh()
            environment.up(wanted)
        _exact(server, environment, there=there)
    return True
