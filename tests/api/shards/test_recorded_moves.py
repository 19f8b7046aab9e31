"""A tenant moves, and whatever was half way before, or is cut off in between: what the command says next works."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from operations.errors import OperationError
from operations.shards.homes import require_home
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
