"""Keys that a run which was cut off left live beside those in use, through the real program and engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandError

from tests.api.paper_cluster import UNHEALTHY
from tests.api.program import Program
from tests.emulator import Emulator
from tests.tenants import whole


class Keys:
    """One tenant, its file as it is now, and the keys of its admin on the server."""

    def __init__(self, program: Program, emulator: Emulator) -> None:
        self.program = program
        self.emulator = emulator
        self.file: dict[str, Any] = whole("acme")

    def generation(self, of_agent: int, *, healthy: bool = True) -> None:
        """Write the file so; `healthy` tells what will become of the agent's release."""
        values: dict[str, Any] = {} if healthy else {"extraValues": {UNHEALTHY: True}}
        self.file["agent"] = {"queues": {"default": {}}, "keyGeneration": of_agent, **values}
        self.program.write("acme", self.file)

    def lost(self, label: str) -> str:
        """A key that the server made for a run that never heard of it; its access key."""
        (admin,) = [each["id"] for each in self.emulator.state()["users"] if each["email"] == "admin@acme.example"]
        made = self.emulator.data_of(
            "auth.create_credentials", {"label": label}, headers={"X-Clearml-Impersonate-As": admin}
        )
        return str(made["credentials"]["access_key"])

    def live(self) -> dict[str, str]:
        """Access keys by their labels, of our users alone."""
        return {each["label"]: each["access_key"] for each in self.emulator.state()["credentials"] if each["label"]}

    def fails(self) -> None:
        with pytest.raises(CommandError):
            self.program.up()
        assert "timed out waiting for its pods" in self.program.said
        self.program.said = ""


@pytest.fixture
def keys(program: Program, emulator: Emulator) -> Keys:
    return Keys(program, emulator)


def _changes(counts: dict[str, int]) -> dict[str, int]:
    return {what: count for what, count in counts.items() if what != "same"}


def test_rotation_that_was_killed_and_taken_back_leaves_no_key(keys: Keys) -> None:
    """A refresh sees it, the preview tells of it and of nothing else, the next run revokes it, then all is quiet."""
    program = keys.program
    keys.generation(1)
    program.up()
    before = keys.live()
    lost, made_by_hand = keys.lost("test/acme/agent/2"), keys.lost("laptop of Ann")
    program.refresh()
    assert _changes(program.preview()) == {"create": 1}
    assert "clearml:SurplusKeys" in program.said
    assert f'{lost}: "test/acme/agent/2, never used: it is not the one in use (test/acme/agent/1)' in program.said
    program.said = ""
    assert _changes(program.up()) == {"create": 1}
    assert f"revoked key {lost} (test/acme/agent/2)" in program.said
    assert keys.live() == {**before, "laptop of Ann": made_by_hand}
    keys.emulator.clear_calls()
    assert set(program.preview()) == {"same"}
    assert keys.emulator.calls() == []
    program.refresh()
    assert set(program.preview()) == {"same"}
    assert set(program.up()) == {"same"}


def test_deploy_workflow_does_it_in_one_run_and_the_nightly_one_finds_nothing(keys: Keys) -> None:
    """Both refresh as they go; what was revoked is no drift the night after."""
    stack, hear = keys.program.stack, keys.program._hear
    keys.generation(1)
    keys.program.up()
    before = keys.live()
    keys.lost("test/acme/gateway/2")
    with pytest.raises(CommandError):
        stack.preview(refresh=True, expect_no_changes=True, on_output=hear, color="never")
    stack.up(refresh=True, on_output=hear, color="never")
    assert keys.live() == before
    stack.preview(refresh=True, expect_no_changes=True, on_output=hear, color="never")


def test_no_key_is_revoked_before_the_workers_run_with_the_other(keys: Keys) -> None:
    """Both generations are in the state and one of them is what the agent runs with, whichever way the file goes on."""
    program = keys.program
    keys.generation(1)
    program.up()
    first = keys.live()["test/acme/agent/1"]
    keys.generation(2, healthy=False)
    keys.fails()
    for again in (2, 1):
        program.refresh()
        keys.generation(again, healthy=False)
        keys.fails()
        assert keys.live().keys() == {"test/acme/agent/1", "test/acme/agent/2", "test/acme/gateway/1"}
    program.refresh()
    keys.generation(2)
    program.up()
    assert keys.live().keys() == {"test/acme/agent/2", "test/acme/gateway/1"}
    assert first not in keys.live().values()
    assert set(program.preview()) == {"same"}
    program.refresh()
    assert set(program.preview()) == {"same"}


def test_removed_worker_takes_the_lost_key_along(keys: Keys) -> None:
    """Its tenant stays, with the keys of its other workers."""
    program = keys.program
    keys.file["agents"] = {"gpu": {"queues": {"gpu": {}}}}
    keys.generation(1)
    program.up()
    before = keys.live()
    lost, hand = keys.lost("test/acme/agent-gpu/2"), keys.lost("test/acme/agent-gpu")
    del keys.file["agents"]
    keys.generation(1)
    program.up()
    assert f"revoked key {lost} (test/acme/agent-gpu/2)" in program.said
    assert keys.live() == {
        "test/acme/agent/1": before["test/acme/agent/1"],
        "test/acme/gateway/1": before["test/acme/gateway/1"],
        "test/acme/agent-gpu": hand,
    }
    assert set(program.preview()) == {"same"}


def test_removed_tenant_takes_the_lost_key_along(keys: Keys) -> None:
    program = keys.program
    keys.generation(1)
    program.up()
    keys.lost("test/acme/agent/2")
    keys.lost("test/acme/agent-gpu/1")
    hand = keys.lost("laptop of Ann")
    program.remove("acme")
    program.up()
    assert keys.live() == {"laptop of Ann": hand}
    assert set(program.preview()) == {"same"}


def test_lost_state_brings_the_workers_to_new_keys_in_one_run(keys: Keys, tmp_path: Path, engine: Path) -> None:
    """A key that a worker has used works till then, though its label is that of the new one."""
    keys.generation(1)
    keys.program.up()
    before = keys.live()
    for pair in _pairs(keys.program):
        keys.emulator.data_of("users.get_current_user", auth=pair)
    (tmp_path / "again").mkdir()
    again = Program(tmp_path / "again", engine, keys.emulator)
    again.write("acme", {**keys.file, "agent": {**keys.file["agent"], "extraValues": {UNHEALTHY: True}}})
    with pytest.raises(CommandError):
        again.up()
    assert {*before.values()} < {each["access_key"] for each in keys.emulator.state()["credentials"]}
    again.write("acme", keys.file)
    again.up()
    assert keys.live().keys() == before.keys()
    assert not {*keys.live().values()} & {*before.values()}
    assert set(again.preview()) == {"same"}
    again.refresh()
    assert set(again.preview()) == {"same"}


def _pairs(program: Program) -> list[tuple[str, str]]:
    """Access key and secret of each key in the state."""
    resources = (program.stack.export_stack().deployment or {})["resources"]
    found = [each["outputs"] for each in resources if each["type"].endswith("clearml:Credentials")]
    return [(each["access_key"], json.loads(each["secret_key"]["plaintext"])) for each in found]
