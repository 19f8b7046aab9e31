"""A tenant's file is moved by hand, and plain `pulumi` runs: nothing is deleted, and nothing is made a second time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandError

from settings.facts import file_of, stack_file_of
from tests.api.shards.sharded import SHARDS, Sharded
from tests.api.stack import STACK
from tests.emulator import Emulator
from tests.tenants import without_workers

_HOMES = {"initech": "", "acme": "01", "globex": "02"}


@pytest.fixture
def sharded(tmp_path: Path, engine: Path, emulator: Emulator) -> Sharded:
    """One tenant beside the platform, one in each shard, all unprotected and deployed."""
    (tmp_path / "program").mkdir()
    made = Sharded(tmp_path / "program", engine, emulator)
    for name, shard in _HOMES.items():
        made.put(name, shard, without_workers(name))
    for part in ("", *SHARDS):
        made.run(part)
    return made


def _move(sharded: Sharded, tenant: str, shard: str, name: str = "") -> None:
    """As `git mv` does it; `name` is what the file is called afterwards."""
    before = sharded.project / file_of(STACK, tenant, _HOMES[tenant])
    before.rename(sharded.project / file_of(STACK, name or tenant, shard))


def _made(emulator: Emulator) -> dict[str, Any]:
    """All that the API has, without when a key was last used."""
    state = emulator.state()
    keys = [each["access_key"] for each in state.pop("credentials")]
    return {"keys": keys, **state}


def _refused(sharded: Sharded, part: str, *texts: str) -> bool:
    sharded.said = ""
    for act in (sharded.look, sharded.run):
        with pytest.raises(CommandError):
            act(part)
    told = [line for line in sharded.errors() if "nothing is changed" in line]
    return bool(told) and all(text in line for line in told for text in texts)


@pytest.mark.parametrize(("tenant", "shard"), [("initech", "01"), ("acme", ""), ("acme", "02")])
def test_file_that_was_moved_by_hand_changes_nothing_in_either_stack(
    sharded: Sharded, emulator: Emulator, tenant: str, shard: str
) -> None:
    before = _made(emulator)
    _move(sharded, tenant, shard)
    mend = f"make shard STACK={STACK} TENANT={tenant} SHARD={shard or '-'}"
    assert _refused(sharded, _HOMES[tenant], mend)
    assert _refused(sharded, shard, mend)
    assert _made(emulator) == before
    # One that has nothing to do with it is not held up.
    (other,) = {"", *SHARDS} - {_HOMES[tenant], shard}
    assert set(sharded.run(other)) <= {"same", "read"}


def test_file_that_was_renamed_as_well_is_known_by_its_admin(sharded: Sharded, emulator: Emulator) -> None:
    before = _made(emulator)
    _move(sharded, "acme", "02", "acme-new")
    mend = f"call the file acme.yaml again, then make shard STACK={STACK} TENANT=acme SHARD=02"
    assert _refused(sharded, "01", mend)
    assert _refused(sharded, "02", mend)
    assert _made(emulator) == before


def test_shard_that_lost_its_link_is_not_forgotten(sharded: Sharded, emulator: Emulator) -> None:
    before = _made(emulator)
    (sharded.project / stack_file_of(f"{STACK}-01")).unlink()
    (sharded.project / file_of(STACK, "acme", "01")).unlink()
    assert _refused(sharded, "", f"ln -sfn Pulumi.{STACK}.yaml config/Pulumi.{STACK}-01.yaml", "acme")
    assert _made(emulator) == before


def test_a_checkout_from_before_a_tenants_move_makes_it_in_no_shard(sharded: Sharded, emulator: Emulator) -> None:
    """Its old shard looked only into stacks whose links are here, and the rules are as the platform knows them."""
    before = _made(emulator)
    (name,) = (name for name, shard in _HOMES.items() if shard == "02")
    (sharded.project / stack_file_of(f"{STACK}-02")).unlink()
    _move(sharded, name, "01", name)
    assert _refused(sharded, "01", f"ln -sfn Pulumi.{STACK}.yaml config/Pulumi.{STACK}-02.yaml", name)
    assert _made(emulator) == before


def test_last_link_goes_only_after_the_last_tenant(sharded: Sharded, emulator: Emulator) -> None:
    """Both folders' files were moved up by hand, and no link tells of shards any more."""
    before = _made(emulator)
    files = {shard: sharded.project / file_of(STACK, name, shard) for name, shard in _HOMES.items() if shard}
    for shard, file in files.items():
        file.rename(file.parent.parent / file.name)
        (sharded.project / stack_file_of(f"{STACK}-{shard}")).unlink()
    for act in (sharded.look, sharded.run):
        with pytest.raises(CommandError):
            act("")
    assert any("bring the links back" in line for line in sharded.errors())
    assert _made(emulator) == before
    # With the links and without the tenants, everything goes, one after the other.
    for name, shard in _HOMES.items():
        if shard:
            (sharded.project / stack_file_of(f"{STACK}-{shard}")).symlink_to(Path(stack_file_of(STACK)).name)
            (sharded.project / file_of(STACK, name)).unlink()
    for part in ("", *SHARDS, ""):
        sharded.run(part)
    for shard in SHARDS:
        (sharded.project / stack_file_of(f"{STACK}-{shard}")).unlink()
    assert "delete" not in sharded.run("")


def test_tenant_that_is_removed_goes(sharded: Sharded) -> None:
    (sharded.project / file_of(STACK, "initech")).unlink()
    assert sharded.run("")["delete"] > 0
