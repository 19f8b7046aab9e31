"""Keys that a tenant's file revokes, through the real program and engine: when they go, and what a preview says."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.automation import CommandError

from tests.api.paper_cluster import UNHEALTHY
from tests.api.program import Program
from tests.emulator import Emulator
from tests.tenants import whole


def _by_hand(emulator: Emulator) -> str:
    (admin,) = [each["id"] for each in emulator.state()["users"] if each["email"] == "admin@acme.example"]
    owner = {"X-Clearml-Impersonate-As": admin}
    made = emulator.data_of("auth.create_credentials", {"label": "by hand"}, headers=owner)
    return str(made["credentials"]["access_key"])


def _live(emulator: Emulator) -> set[str]:
    return {each["access_key"] for each in emulator.state()["credentials"]}


def _changes(counts: dict[str, int]) -> dict[str, int]:
    return {what: count for what, count in counts.items() if what != "same"}


def test_listed_key_goes_only_when_the_workers_run_with_their_own(program: Program, emulator: Emulator) -> None:
    """Asked for together with a rotation: it may be what a worker runs with till then."""
    file: dict[str, Any] = whole("acme")
    program.write("acme", file)
    program.up()
    key = _by_hand(emulator)
    file |= {"revokeKeys": [key], "agent": {"queues": {"default": {}}, "keyGeneration": 2}}
    unhealthy = {**file, "agent": {**file["agent"], "extraValues": {UNHEALTHY: True}}}
    program.write("acme", unhealthy)
    with pytest.raises(CommandError):
        program.up()
    assert key in _live(emulator)
    program.write("acme", file)
    program.up()
    assert key not in _live(emulator)
    emulator.clear_calls()
    assert set(program.preview()) == {"same"}
    assert set(program.up()) == {"same"}
    assert emulator.calls() == []
    program.refresh()
    assert set(program.preview()) == {"same"}


def test_preview_names_the_key_and_a_later_rotation_changes_nothing_of_it(program: Program, emulator: Emulator) -> None:
    """The workers' own keys are an input beside it, which is another one after a rotation."""
    file: dict[str, Any] = whole("acme")
    program.write("acme", file)
    program.up()
    key = _by_hand(emulator)
    file["revokeKeys"] = [key]
    program.write("acme", file)
    assert _changes(program.preview()) == {"create": 1}
    assert key in program.said
    program.up()
    file["agent"] = {"queues": {"default": {}}, "keyGeneration": 2}
    program.write("acme", file)
    program.said = ""
    program.preview()
    assert "acme-revocations" not in program.said
    program.up()
    program.refresh()
    assert set(program.preview()) == {"same"}
    del file["revokeKeys"]
    program.write("acme", file)
    emulator.clear_calls()
    assert _changes(program.up()) == {"delete": 1}
    assert emulator.calls() == []
