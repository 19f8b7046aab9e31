"""What people get of an environment with shards: one file of settings, removals everywhere before additions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandError

from settings.facts import stack_file_of
from tests.api.shards.sharded import SHARDS, Sharded
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import without_workers

_EVERY = ("", *SHARDS)


def _tenant(name: str, *domains: str) -> dict[str, Any]:
    return without_workers(name) | {"signIn": {"domains": [f"{name}.example", *domains]}}


@pytest.fixture
def sharded(tmp_path: Path, engine: Path, emulator: Emulator) -> Sharded:
    """One tenant beside the platform, one in each shard; nothing deployed."""
    (tmp_path / "program").mkdir()
    made = Sharded(tmp_path / "program", engine, emulator)
    made.put("initech", "", _tenant("initech"))
    made.put("acme", "01", _tenant("acme", "moves.example"))
    made.put("globex", "02", _tenant("globex"))
    return made


def _holders(emulator: Emulator, domain: str) -> list[str]:
    """The names of the companies whose new users such an address leads to."""
    state = emulator.state()
    names = {each["id"]: each["name"] for each in state["companies"]}
    return [names[rule["company"]] for rule in state["rules"] if domain in (rule["domains"] or ())]


def _unchanged(changes: dict[str, int]) -> bool:
    return set(changes) <= {"same", "read"}


def test_life_of_an_environment_with_shards(sharded: Sharded, emulator: Emulator) -> None:
    settings, link = sharded.project / stack_file_of(STACK), sharded.project / stack_file_of(f"{STACK}-01")
    assert link.is_symlink()
    # One salt: it was made with the first stack, and the other two were made with it.
    assert settings.read_text().count("encryptionsalt") == 1

    with pytest.raises(CommandError):
        sharded.run("01")
    assert emulator.state()["companies"][1:] == []
    for part in _EVERY:
        sharded.run(part)
    assert all(_unchanged(sharded.look(part)) for part in _EVERY)
    assert _holders(emulator, "moves.example") == ["Company acme"]

    # The domain moves from one shard to the other; no order of the two leads to two holders.
    sharded.put("acme", "01", _tenant("acme"))
    sharded.put("globex", "02", _tenant("globex", "moves.example"))
    with pytest.raises(CommandError):
        sharded.run("02")
    assert any("did not know the sign-in rules" in line for line in sharded.errors())
    assert _holders(emulator, "moves.example") == ["Company acme"]
    sharded.run("")
    assert _holders(emulator, "moves.example") == []
    sharded.run("02")
    assert _holders(emulator, "moves.example") == ["Company globex"]
    sharded.run("01")
    assert _holders(emulator, "moves.example") == ["Company globex"]
    assert all(_unchanged(sharded.look(part)) for part in _EVERY)

    # A setting that is set through a shard's stack is the environment's, and the link stays.
    sharded.command("config", "set", "apiWaitSeconds", "4", "--stack", f"{STACK}-01")
    assert link.is_symlink()
    assert 'clearml-tenants:apiWaitSeconds: "4"' in settings.read_text()
