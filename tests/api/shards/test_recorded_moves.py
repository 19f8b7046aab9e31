"""A tenant moves, and whatever was half way before, or is cut off in between: what the command says next works."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from operations import __main__ as commands
from operations.deployment.complete_run import TAG
from operations.deployment.up import up
from operations.errors import OperationError
from operations.shards.homes import require_home
from operations.takeover.take_over import take_over_environment
from settings.facts import file_of
from settings.loading.load import load
from tests.api.shards.recorded_moves import OTHER, TENANT, RecordedCheckout
from tests.api.stack import PROJECT, STACK

_Resources = list[dict[str, Any]]
_State = dict[str, Any]


@pytest.fixture
def checkout(tmp_path: Path, engine: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedCheckout:
    """Both tenants in the platform's stack, no shard."""
    return RecordedCheckout(tmp_path, engine, monkeypatch)


def _key(resources: _Resources) -> dict[str, Any]:
    return next(each for each in resources if each["urn"].endswith("acme-agent-2"))


def test_killed_after_any_write_it_ends_there_or_back_or_elsewhere(checkout: RecordedCheckout) -> None:
    before, saved = checkout.ids(""), checkout.folder / "saved"
    places = {checkout.folder / "state": saved / "state", checkout.project / "config": saved / "config"}
    for place, copy in places.items():
        shutil.copytree(place, copy, symlinks=True)
    writes = 1
    while checkout.killed_at(writes, lambda: checkout.move("01")):
        way_on = ("02", "", "01")[writes % 3]
        checkout.move(way_on)
        assert checkout.is_at(way_on)
        assert checkout.ids(way_on) == before
        for place, copy in places.items():
            shutil.rmtree(place)
            shutil.copytree(copy, place, symlinks=True)
        writes += 1
    # A tag, a stack with what it tells, what the platform tells, the move, what is left of outputs, the tag again.
    assert writes == 8


def test_a_run_that_died_at_the_tenant_ends_before_its_file_moves(checkout: RecordedCheckout) -> None:
    """The file was in the shard's folder then, with which the run that the message asks for was refused."""

    def die(resources: _Resources, state: _State) -> None:
        made = {**_key(resources), "urn": _key(resources)["urn"].replace("agent-2", "agent-3"), "id": ""}
        state["pending_operations"] = [{"resource": made, "type": "creating"}]

    checkout.edit("", die)
    with pytest.raises(OperationError, match=rf"died at tenant acme.*: pulumi up --stack {STACK}, then run this again"):
        checkout.move("01")
    assert checkout.is_at("")
    # Moved by hand, no run would begin.
    (checkout.project / file_of(STACK, TENANT, "01")).parent.mkdir(exist_ok=True)
    (checkout.project / f"config/Pulumi.{STACK}-01.yaml").symlink_to(f"Pulumi.{STACK}.yaml")
    (checkout.project / file_of(STACK, TENANT)).rename(checkout.project / file_of(STACK, TENANT, "01"))
    with pytest.raises(OperationError, match=f": put its file back as {file_of(STACK, TENANT)}, then pulumi up "):
        checkout.move("01")


def test_while_a_run_is_at_work_no_file_moves(checkout: RecordedCheckout) -> None:
    locks = checkout.folder / "state" / ".pulumi" / "locks" / "organization" / PROJECT / STACK
    locks.mkdir(parents=True, exist_ok=True)
    (locks / "run.json").write_text("{}")
    with pytest.raises(OperationError, match="let that run end"):
        checkout.move("01")
    shutil.rmtree(locks)
    assert checkout.is_at("")


def test_while_the_platform_runs_it_is_told_of_no_shard(checkout: RecordedCheckout) -> None:
    """Its state was written meanwhile, although the tenant goes from one shard to another."""
    checkout.move("01")
    lock = checkout.folder / "state" / ".pulumi" / "locks" / "organization" / PROJECT / STACK / "run.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text("{}")
    with pytest.raises(OperationError, match="let that run end"):
        checkout.move("02")
    lock.unlink()
    assert checkout.is_at("01")


def test_one_in_two_states_goes_on_to_a_third(checkout: RecordedCheckout) -> None:
    """The engine then had it in the third, and the second move was refused there."""
    before = checkout.ids("")
    checkout.stop_between_both_writes()
    checkout.move("02")
    assert checkout.is_at("02")
    assert checkout.ids("02") == before


def test_one_in_two_states_whose_file_is_gone_by_then_is_in_one_again(checkout: RecordedCheckout) -> None:
    """The command that each run named asked for the file."""
    checkout.stop_between_both_writes(OTHER)
    (checkout.project / file_of(STACK, OTHER, "01")).unlink()
    with pytest.raises(OperationError, match="and it has no file: make shard ") as refused:
        require_home(checkout.project, STACK, load(checkout.project, STACK))
    said = checkout.move_by(str(refused.value))
    assert said[-1] == f"next: make up STACK={STACK}, which takes the tenant away, as it has no file"
    require_home(checkout.project, STACK, load(checkout.project, STACK))
    assert checkout.ids("01", OTHER) == {}
    with pytest.raises(OperationError, match="has to have one file in test, there is none"):
        checkout.move("01", OTHER)


def test_stacks_that_reach_a_cluster_in_different_ways_are_deployed_first(checkout: RecordedCheckout) -> None:
    """The engine's own line named a provider, while the file was in the shard's folder already."""

    def upgrade(resources: _Resources, _: _State) -> None:
        for each in (each for each in resources if each["type"].startswith("pulumi:providers:")):
            own = f"{each['urn']}::{each['id']}"
            each["id"], each["inputs"]["version"] = f"another-{each['id']}", "0.0.1"
            for other in (other for other in resources if other.get("provider") == own):
                other["provider"] = f"{each['urn']}::{each['id']}"

    checkout.move("01")
    checkout.edit("01", upgrade)
    with pytest.raises(OperationError, match="last deployed by different files or plugins: make shard ") as refused:
        checkout.move("01", OTHER)
    checkout.move_by(str(refused.value))
    assert checkout.is_at("", OTHER)


def test_a_key_that_is_still_to_be_revoked_and_protection_move_along(checkout: RecordedCheckout) -> None:
    def half_rotate(resources: _Resources, _: _State) -> None:
        resources.append({**_key(resources), "id": "the-key-of-before", "delete": True})
        for each in resources:
            each.update({"protect": True, "retainOnDelete": True} if f"::{TENANT}" in each["urn"] else {})

    checkout.edit("", half_rotate)
    checkout.move("01")
    moved = [each for each in checkout.engine("01").deployment()["resources"] if f"::{TENANT}" in each["urn"]]
    assert all(each["protect"] and each["retainOnDelete"] for each in moved)
    assert [each["id"] for each in moved if each.get("delete")] == ["the-key-of-before"]
    assert len([each for each in moved if each["urn"].endswith("acme-agent-2")]) == 2


def test_all_tenants_of_a_shard_join_another(checkout: RecordedCheckout) -> None:
    before = {tenant: checkout.ids("", tenant) for tenant in (TENANT, OTHER)}
    for shard in ("01", "02"):
        for tenant in before:
            checkout.move(shard, tenant)
        for tenant, ids in before.items():
            assert checkout.is_at(shard, tenant)
            assert checkout.ids(shard, tenant) == ids


@pytest.mark.parametrize("shard", [TENANT, STACK, "0" * 32])
def test_a_shard_may_be_called_like_a_tenant_or_its_environment(checkout: RecordedCheckout, shard: str) -> None:
    checkout.move(shard)
    assert checkout.is_at(shard)
    checkout.move("")
    assert checkout.is_at("")


def test_a_checkout_of_before_the_first_move_makes_nobody_anew(checkout: RecordedCheckout) -> None:
    """Its files tell of no shard: the tenant's company, key and releases were made a second time, from the platform."""
    file, link = checkout.project / file_of(STACK, TENANT), f"config/Pulumi.{STACK}-01.yaml"
    before = file.read_bytes()
    checkout.move("01")
    shutil.rmtree(checkout.project / "config" / "tenants" / STACK / "01")
    (checkout.project / link).unlink()
    file.write_bytes(before)
    refused = f"{link} is not here, and the state of test-01 has acme: .*lost: "
    checkout.platform.set_tag(TAG, "of main")
    with pytest.raises(OperationError, match=refused):
        up(checkout.project, STACK, print, everything=True, no_run_at_work=False)
    # It says what main's last complete run was, and none has begun since.
    assert checkout.platform.tags()[TAG] == "of main"
    with pytest.raises(OperationError, match=refused):
        take_over_environment(checkout.project, STACK, print, no_run_at_work=False)
    with pytest.raises(OperationError, match=refused) as told:
        require_home(checkout.project, STACK, load(checkout.project, STACK))
    subprocess.run(str(told.value).rpartition("lost: ")[2].split(), check=True, cwd=checkout.project)
    with pytest.raises(OperationError, match="make shard ") as told:
        require_home(checkout.project, STACK, load(checkout.project, STACK))
    checkout.move_by(str(told.value))
    assert checkout.is_at("")


def test_who_asks_how_it_is_hears_of_a_move_that_is_half_way(
    checkout: RecordedCheckout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Workers were looked for where another folder's files say, and a deploy was advised that would be refused."""
    checkout.stop_between_both_writes()
    monkeypatch.setattr(commands, "health_of", lambda *_: ["asked"])
    monkeypatch.setattr(commands, "compare", lambda *_: None)
    options = ["--root", str(checkout.project)]
    assert commands.main([*options, "status", "--stack", STACK]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.rpartition(": ")[2] for line in said] == [
        "make shard STACK=test TENANT=acme SHARD=01",
        "asked",
        "asked",
    ]
    assert commands.main([*options, "compare", "--stack", STACK]) == 1
    checkout.move_by(capsys.readouterr().err)
    assert checkout.is_at("01")


def test_of_a_state_that_cannot_be_read_the_others_are_told(
    checkout: RecordedCheckout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While shards run side by side that of each is at times half written, and nothing was told of any."""
    checkout.move("01")
    asked: list[str] = []
    monkeypatch.setattr(commands, "health_of", lambda _, each: [each])
    monkeypatch.setattr(commands, "compare", lambda _, each, __: asked.append(each))
    checkout.cut_short("01")
    options = ["--root", str(checkout.project)]
    assert commands.main([*options, "status", "--stack", STACK]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [STACK, f"{STACK}-01"]
    assert commands.main([*options, "compare", "--stack", STACK]) == 1
    assert asked == [STACK, f"{STACK}-01"]
