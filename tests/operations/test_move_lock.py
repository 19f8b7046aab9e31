"""Two moves of tenants at once: each would put a whole state back, without what the other one did."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards import lock
from operations.shards.lock import TAG, moves_alone
from tests.operations.deployment.paper_shards import ENGINE, sharded_project, tools

_OTHER = "build-7 0123456789ab"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """See `sharded_project`."""
    monkeypatch.setattr(lock, "_SECONDS_UNTIL_SEEN", 0)
    return sharded_project(tmp_path, monkeypatch)


@pytest.fixture
def platform(root: Path) -> EngineStack:
    """Whose tags say that a move is at work."""
    return EngineStack(root, ENGINE)


def _second_checkout(root: Path) -> Path:
    (root.parent / "second" / "config").mkdir(parents=True)
    return root.parent / "second"


def test_a_move_in_another_checkout_is_refused_and_may_begin_afterwards(root: Path, platform: EngineStack) -> None:
    second = _second_checkout(root)
    with moves_alone(root, platform):
        held = platform.tags()[TAG]
        with pytest.raises(OperationError, match="another make shard or release is at work in a checkout on"):
            moves_alone(second, platform).__enter__()
        assert platform.tags()[TAG] == held
    assert TAG not in platform.tags()
    with moves_alone(second, platform):
        pass


def test_what_a_killed_move_left_is_its_own_checkouts_and_told_to_others(root: Path, platform: EngineStack) -> None:
    with moves_alone(root, platform):
        left = platform.tags()[TAG]
    platform.set_tag(TAG, left)
    with pytest.raises(OperationError, match=f"pulumi stack tag set {TAG} - --stack {ENGINE}$"):
        moves_alone(_second_checkout(root), platform).__enter__()
    with moves_alone(root, platform):
        pass
    assert TAG not in platform.tags()


def test_of_two_that_begin_together_the_one_that_was_written_over_ends(
    root: Path, platform: EngineStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both found no tag, and set theirs."""
    monkeypatch.setattr("time.sleep", lambda _: (tools(root) / "tags").write_text(json.dumps({TAG: _OTHER})))
    with pytest.raises(OperationError, match="a checkout on build-7"):
        moves_alone(root, platform).__enter__()
    # The other one's stays.
    assert platform.tags()[TAG] == _OTHER


def test_a_move_that_fails_gives_the_tag_back(root: Path, platform: EngineStack) -> None:
    with pytest.raises(OperationError, match="no such tenant"), moves_alone(root, platform):
        raise OperationError("no such tenant")
    assert TAG not in platform.tags()


def _cut_off(_: EngineStack) -> None:
    raise OperationError("pulumi stack: could not reach the backend: see `pulumi stack ls`")


def test_why_a_move_failed_is_told_although_the_backend_is_gone_by_then(
    root: Path, platform: EngineStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the tag could not be asked for was told in its place."""

    def fail() -> None:
        monkeypatch.setattr(EngineStack, "tags", _cut_off)
        raise OperationError("no such tenant")

    with pytest.raises(OperationError, match="no such tenant"), moves_alone(root, platform):
        fail()


def test_a_move_that_is_done_says_so_although_the_tag_stays(
    root: Path, platform: EngineStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        pytest.raises(OperationError, match=f"^all is done, but .*: pulumi stack tag set {TAG} - --stack {ENGINE}$"),
        moves_alone(root, platform),
    ):
        monkeypatch.setattr(EngineStack, "tags", _cut_off)


def test_an_engine_that_keeps_the_last_tag_holds_nobody_back(root: Path, platform: EngineStack) -> None:
    """Engines from 3.211 to 3.248, when it is removed from a bucket or folder: no other checkout could move anybody."""
    with moves_alone(root, platform):
        pass
    assert json.loads((tools(root) / "tags").read_text()) == {TAG: "-"}
    with moves_alone(_second_checkout(root), platform):
        pass


def test_the_command_that_a_refusal_names_frees_the_next_move(root: Path, platform: EngineStack) -> None:
    platform.set_tag(TAG, _OTHER)
    with pytest.raises(OperationError) as refused:
        moves_alone(root, platform).__enter__()
    _, _, command = str(refused.value).rpartition("or ")
    subprocess.run(command.split(), check=True)
    with moves_alone(root, platform):
        pass
    assert TAG not in platform.tags()


def test_without_tags_a_move_is_possible(root: Path, platform: EngineStack, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: EngineStack) -> None:
        raise OperationError(
            "pulumi stack: the current backend (build-7) does not support stack tags: see `pulumi stack ls`"
        )

    monkeypatch.setattr(EngineStack, "tags", refuse)
    with moves_alone(root, platform):
        pass


def test_a_backend_that_does_not_answer_is_told_and_nothing_is_moved(
    root: Path, platform: EngineStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether another move is at work is then not known: it was taken for a backend without tags."""

    def fail(_: EngineStack) -> None:
        raise OperationError("pulumi stack: could not reach the backend: see `pulumi stack ls`")

    monkeypatch.setattr(EngineStack, "tags", fail)
    with pytest.raises(OperationError, match="could not reach the backend"):
        moves_alone(root, platform).__enter__()
