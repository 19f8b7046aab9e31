"""A shard's tenant leaves the program's hands and runs on, wherever the command is killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.homes import homes_of
from operations.shards.release import release
from settings.facts import file_of
from tests.api.kill import Killed
from tests.api.shards.sharded import Sharded
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import whole


@pytest.fixture
def sharded(tmp_path: Path, engine: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Sharded:
    """Two protected tenants in a shard, deployed, and a shell in which `pulumi` is the one of these stacks."""
    (tmp_path / "program").mkdir()
    made = Sharded(tmp_path / "program", engine, emulator)
    for name in ("acme", "initech"):
        made.put(name, "01", {**whole(name), "protect": True})
    for part in made.parts:
        made.run(part)
    for name, value in made.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CLEARML_API_URL")
    return made


def _release(sharded: Sharded, tenant: str = "acme", stack: str = STACK) -> list[str]:
    return release(sharded.project, stack, tenant, no_run_at_work=False)


def _is_let_go(sharded: Sharded, emulator: Emulator) -> bool:
    """Its file goes, and no run changes anything of it; the platform learns that its rules are nobody's."""
    before = _known(emulator)
    (sharded.project / file_of(STACK, "acme", "01")).unlink()
    for part in sharded.parts:
        assert set(sharded.run(part)) <= {"same", "read", "update"}, part
    assert _known(emulator) == before
    return True


def _known(emulator: Emulator) -> dict[str, Any]:
    """What the API holds, without when a key was last used."""
    state = emulator.state()
    keys = {(each["access_key"], each["company"], each["label"]) for each in state["credentials"]}
    return {**{kind: state[kind] for kind in ("companies", "users", "rules")}, "keys": keys}


def test_it_runs_on_and_nothing_of_it_is_ever_called_or_removed(sharded: Sharded, emulator: Emulator) -> None:
    """The command refused an environment with shards."""
    done, then = _release(sharded)
    assert "resources left the state of stack test-01; company, keys" in done
    assert not done.startswith("tenant acme: 0 ")
    assert f"git rm {file_of(STACK, 'acme', '01')}" in then
    assert homes_of(sharded.project, STACK) == {"initech": (f"{STACK}-01",)}
    # Once more finds nothing to do, also when asked of the shard.
    assert _release(sharded, stack=f"{STACK}-01")[0].startswith(
        "tenant acme: 0 resources left the state of stack test-01"
    )
    assert _is_let_go(sharded, emulator)
    with pytest.raises(OperationError, match="no state and no file of it or of its shards has a tenant acme"):
        _release(sharded)


def test_killed_between_two_states_it_goes_on(
    sharded: Sharded, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = EngineStack.replace

    def replaced(self: EngineStack, exported: dict[str, object]) -> None:
        replace(self, exported)
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(EngineStack, "replace", replaced)
        with pytest.raises(Killed):
            _release(sharded)
    assert homes_of(sharded.project, STACK)["acme"] == (f"{STACK}-01",)
    assert not _release(sharded)[0].startswith("tenant acme: 0 ")
    assert _is_let_go(sharded, emulator)


def test_with_its_file_still_there_it_comes_back_and_is_not_doubled(sharded: Sharded, emulator: Emulator) -> None:
    before = emulator.state()
    _release(sharded)
    for part in sharded.parts:
        sharded.run(part)
    for kind in ("companies", "users", "rules"):
        assert emulator.state()[kind] == before[kind]


def test_a_tenant_in_two_states_is_moved_first(sharded: Sharded, monkeypatch: pytest.MonkeyPatch) -> None:
    states = {"acme": (f"{STACK}-01", f"{STACK}-02")}
    monkeypatch.setattr("operations.shards.release.homes_of", lambda *_: states)
    with pytest.raises(OperationError, match=f"make shard STACK={STACK} TENANT=acme SHARD=01, then run this again"):
        _release(sharded)
