"""A tenant moves to another stack of its environment, and nothing of it changes, wherever the command is killed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pulumi.automation import CommandError

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.homes import homes_of, require_home
from operations.shards.move import move
from settings.facts import file_of
from settings.loading.load import load
from tests.api.kill import Killed
from tests.api.shards.sharded import Sharded
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import whole

_SHARD = f"{STACK}-01"


@pytest.fixture
def sharded(tmp_path: Path, engine: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Sharded:
    """Two tenants in the platform's stack, which is deployed, and a shell in which `pulumi` is the one of it."""
    (tmp_path / "program").mkdir()
    made = Sharded(tmp_path / "program", engine, emulator)
    for name in ("acme", "initech"):
        made.put(name, "", whole(name))
    made.run()
    for name, value in made.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CLEARML_API_URL")
    return made


def _move(sharded: Sharded, shard: str = "01") -> list[str]:
    said: list[str] = []
    move(sharded.project, STACK, "acme", shard, said.append, no_run_at_work=False)
    return said


def _require_home(sharded: Sharded) -> None:
    require_home(sharded.project, STACK, load(sharded.project, STACK))


def _deployed_as_it_is(sharded: Sharded) -> bool:
    """Neither run changes anything; the platform's removals alone learn that a shard has a tenant."""
    assert _without_what_is_learnt(sharded, sharded.run()) <= {"same", "read"}
    for part in ("", "01"):
        changes = sharded.run(part)
        assert set(changes) <= {"same", "read"}, (part, changes)
    return True


def _without_what_is_learnt(sharded: Sharded, changes: dict[str, int]) -> set[str]:
    updates = [line for line in sharded.said.splitlines() if line.startswith(" ~ ") and " updated (" in line]
    assert len(updates) == changes.pop("update", 0)
    assert all("clearml:Departures departures" in line for line in updates)
    sharded.said = ""
    return set(changes)


def test_tenant_moves_and_nothing_of_it_changes(sharded: Sharded, emulator: Emulator) -> None:
    before = emulator.state()
    assert "tenant acme: moved from the state of test to that of test-01" in _move(sharded)
    assert homes_of(sharded.project, STACK) == {"acme": (_SHARD,), "initech": (STACK,)}
    emulator.clear_calls()
    assert _deployed_as_it_is(sharded)
    assert emulator.state()["users"] == before["users"]
    # Once more finds nothing to move, and back is the same command.
    assert not any("moved" in line for line in _move(sharded)[:-1])
    _move(sharded, "")
    assert homes_of(sharded.project, STACK) == {"acme": (STACK,), "initech": (STACK,)}
    # The engine brought its provider along, which this stack has below its platform.
    changes = sharded.run("")
    assert changes.pop("delete") == 1
    assert _without_what_is_learnt(sharded, changes) <= {"same", "read"}


@pytest.mark.parametrize("killed_at", ["file", "first write", "second write", "outputs"])
def test_killed_command_goes_on_where_it_ended(
    sharded: Sharded, killed_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killing:
        _kill(killing, sharded, killed_at)
        with pytest.raises(Killed):
            _move(sharded)
    if killed_at in ("file", "first write"):
        with pytest.raises(OperationError, match="make shard STACK=test TENANT=acme SHARD=01"):
            _require_home(sharded)
    _move(sharded)
    _require_home(sharded)
    assert homes_of(sharded.project, STACK)["acme"] == (_SHARD,)
    assert _deployed_as_it_is(sharded)


def _kill(killing: pytest.MonkeyPatch, sharded: Sharded, at: str) -> None:
    """At the engine's move: before it, between its two writes, after it; or before the outputs are written."""
    whole_move, replace, moves = EngineStack.move, EngineStack.replace, list[str]()

    def moved(self: EngineStack, urn: str, target: str) -> None:
        source = sharded.state_file.read_bytes()
        moves.append(urn)
        if at != "file":
            whole_move(self, urn, target)
        if at == "first write":
            sharded.state_file.write_bytes(source)
        if at != "outputs":
            raise Killed

    def replaced(self: EngineStack, exported: dict[str, object]) -> None:
        if at == "outputs" and moves:
            raise Killed
        replace(self, exported)

    killing.setattr(EngineStack, "move", moved)
    killing.setattr(EngineStack, "replace", replaced)


@pytest.mark.parametrize("killed", [False, True])
def test_file_that_goes_back_by_hand_before_the_shard_ever_ran_changes_nothing(
    sharded: Sharded, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    """As after `git revert`: the state of the shard has the tenant, and no run of it has told anything yet."""
    companies = emulator.state()["companies"]
    if killed:
        with monkeypatch.context() as killing:
            _kill(killing, sharded, "outputs")
            with pytest.raises(Killed):
                _move(sharded)
    _move(sharded)
    (sharded.project / file_of(STACK, "acme", "01")).rename(sharded.project / file_of(STACK, "acme"))
    for part in ("01", ""):
        with pytest.raises(CommandError):
            sharded.run(part)
    mend = "make shard STACK=test TENANT=acme SHARD=-"
    assert sum(mend in line for line in sharded.errors()) >= 2
    assert emulator.state()["companies"] == companies


def test_tenant_that_two_stacks_made_is_left_to_a_person(sharded: Sharded) -> None:
    """Somebody moved the file by hand and ran both: the states differ, and one of them has the keys in use."""
    state = json.loads(sharded.state_file.read_text())
    _move(sharded)
    for each in state["checkpoint"]["latest"]["resources"]:
        if each["type"].endswith("clearml:Credentials"):
            each["id"] = f"another-{each['id']}"
    sharded.state_file.write_text(json.dumps(state))
    with pytest.raises(OperationError, match="both made it"):
        _move(sharded)
