"""A service account through the real program and engine: switched on and off for a tenant that is there."""

from __future__ import annotations

from typing import Any

from pulumi.automation import ConfigValue

from tests.api.program import Program
from tests.api.service_account.tenants import ADMIN, accounts, labels_by_owner
from tests.emulator import Emulator
from tests.tenants import whole

_ACCOUNT, _KEYS = "test/acme/workers", ["test/acme/agent/1", "test/acme/gateway/1"]


def _file(*, enabled: bool) -> dict[str, Any]:
    return {**whole("acme"), "features": ["service_users"], "serviceAccount": {"enabled": enabled}}


def _changes(counts: dict[str, int]) -> dict[str, int]:
    return {what: count for what, count in counts.items() if what != "same"}


def test_switched_on_and_off(program: Program, emulator: Emulator) -> None:
    """The keys are replaced, the releases get them, and nothing else of the tenant changes."""
    program.write("acme", _file(enabled=False))
    program.up()
    assert labels_by_owner(emulator) == {ADMIN: _KEYS}
    program.write("acme", _file(enabled=True))
    # The agent's Secret, and both releases.
    assert _changes(program.preview()) == {"create": 1, "replace": 2, "update": 3}
    program.up()
    assert labels_by_owner(emulator) == {_ACCOUNT: _KEYS}
    (account,) = accounts(emulator)
    told = program.exported()["clearml:tenant:Tenant::acme"]["outputs"]
    assert (told["serviceAccountId"], account["role"]) == (account["id"], "admin")
    emulator.clear_calls()
    assert set(program.preview()) == {"same"}
    assert emulator.calls() == []
    program.refresh()
    assert set(program.preview()) == {"same"}
    program.write("acme", _file(enabled=False))
    program.up()
    assert labels_by_owner(emulator) == {ADMIN: _KEYS}
    assert accounts(emulator) == []
    assert set(program.preview()) == {"same"}


def test_destroyed(program: Program, emulator: Emulator) -> None:
    program.write("acme", _file(enabled=True))
    program.up()
    program.stack.set_config("stack.server.protect", ConfigValue("false"), path=True)
    program.up()
    program.destroy()
    assert labels_by_owner(emulator) == {}
    assert accounts(emulator) == []
