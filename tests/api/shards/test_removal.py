"""A shard whose tenants have gone is removed as `docs/shards.md` tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.facts import file_of, stack_file_of
from tests.api.shards.sharded import Sharded
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import without_workers

_SHARD, _LINK = "01", stack_file_of(f"{STACK}-01")


@pytest.fixture
def sharded(tmp_path: Path, engine: Path, emulator: Emulator) -> Sharded:
    """A tenant in one of two shards, deployed."""
    (tmp_path / "program").mkdir()
    made = Sharded(tmp_path / "program", engine, emulator)
    made.put("acme", _SHARD, without_workers("acme"))
    for part in ("", _SHARD):
        made.run(part)
    return made


def test_an_empty_shard_goes_with_its_link(sharded: Sharded, emulator: Emulator) -> None:
    """The engine removes no stack that has anything but itself, and the reference to the platform stays there."""
    (sharded.project / file_of(STACK, "acme", _SHARD)).unlink()
    for part in ("", _SHARD, "", _SHARD):
        sharded.run(part)
    emulator.clear_calls()
    sharded.parts[_SHARD].destroy()
    sharded.parts[_SHARD].workspace.remove_stack(f"{STACK}-{_SHARD}")
    assert emulator.calls() == []
    assert not (sharded.project / _LINK).is_symlink()
    sharded.run("")
