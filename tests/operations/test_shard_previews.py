"""A pull request's preview of an environment with shards: of which stacks, in one comment; and stacks not made."""

from __future__ import annotations

from pathlib import Path

import pytest

from operations import __main__ as operations
from operations.errors import OperationError
from operations.files.merge import Entry
from operations.github import client, stack_preview
from operations.github.merge import Merge
from operations.github.preview_scope import preview_scope
from operations.preview.policy_preview import Outcome
from tests.operations.deployment.paper_shards import ENGINE, runs, sharded_project, tools

_RUN = {"STACK": ENGINE, "REPOSITORY": "o/r", "NUMBER": "7", "PROPOSAL": "c0ffee00" * 5, "GH_TOKEN": "token"}
_ALL = [ENGINE, f"{ENGINE}-01", f"{ENGINE}-02"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """See `sharded_project`."""
    return sharded_project(tmp_path, monkeypatch)


def _merge(*paths: str, unknown: str = "") -> Merge:
    return Merge("main", tuple(Entry(path, "100644", "100644", "1", "2") for path in paths), unknown)


@pytest.mark.parametrize(
    ("paths", "stacks"),
    [
        (["config/tenants/test/02/tenant-02.yaml"], [ENGINE, f"{ENGINE}-02"]),
        (["config/tenants/test/acme.yaml", "docs/shards.md"], [ENGINE]),
        (["config/tenants/test/01/new.yaml", "config/tenants/test/02/tenant-02.yaml"], _ALL),
        # What all stacks are made of.
        (["config/Pulumi.test.yaml"], _ALL),
        # Another environment's shard of the same name.
        (["config/tenants/other/02/x.yaml"], [ENGINE]),
    ],
)
def test_the_platform_is_previewed_and_the_shards_that_are_touched(
    root: Path, paths: list[str], stacks: list[str]
) -> None:
    assert preview_scope(root, ENGINE, _merge(*paths)) == stacks
    assert preview_scope(root, ENGINE, _merge(unknown="a conflict")) == _ALL


def _published(root: Path, monkeypatch: pytest.MonkeyPatch, merge: Merge, wrong: str = "") -> list[tuple[str, str]]:
    """Each comment's marker and text; the preview of `wrong` fails."""
    comments: list[tuple[str, str]] = []
    monkeypatch.setattr(client, "put_comment", lambda _repository, _number, *rest: comments.append(rest))
    monkeypatch.setattr(Merge, "of", lambda *_: merge)
    monkeypatch.setattr(
        stack_preview,
        "recorded_preview",
        lambda _root, stack, _hidden: Outcome(f"the engine on {stack}", right=stack != wrong, steps=()),
    )
    try:
        stack_preview.publish_preview(root, _RUN, [], "GH_TOKEN")
    finally:
        assert runs(root) == []
    return comments


def test_one_comment_has_the_platform_and_its_shards(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for shard in ("01", "02"):
        (tools(root) / f"test-{shard}").mkdir()
    ((marker, text),) = _published(root, monkeypatch, _merge("config/tenants/test/02/tenant-02.yaml"))
    assert marker == f"<!-- clearml-tenants preview: {ENGINE} -->"
    assert text.index("## Stack `test`") < text.index("## Stack `test-02`")
    assert f"the engine on {ENGINE}\n" in text
    assert f"the engine on {ENGINE}-02" in text
    assert "test-01" not in text


def test_a_shard_whose_preview_fails_hides_no_other_and_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for shard in ("01", "02"):
        (tools(root) / f"test-{shard}").mkdir()
    comments: list[tuple[str, str]] = []
    with pytest.raises(OperationError, match=f"^stack {ENGINE}-01: the preview failed or a policy is violated"):
        comments += _published(root, monkeypatch, _merge("config/Pulumi.test.yaml"), wrong=f"{ENGINE}-01")


def test_a_shard_that_was_never_run_is_told_and_not_asked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine says "no stack named", and a preview with credentials that read makes none."""
    ((_, text),) = _published(root, monkeypatch, _merge("config/tenants/test/02/tenant-02.yaml"))
    told = "stack test-02 is not there yet: the first make up STACK=test makes it, with 1 tenants: tenant-02"
    assert told in text
    assert "the engine on acme/clearml-tenants/test-02" not in text


def test_the_first_preview_of_an_environment_says_what_will_be_made(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(operations, "preview_stack", lambda _root, stack, *_, **__: asked.append(stack))
    assert operations.main(["--root", str(root), "preview", "--stack", ENGINE]) == 0
    assert asked == [ENGINE]
    assert capsys.readouterr().out == "".join(
        f"stack test-{shard} is not there yet: the first make up STACK=test makes it, with 1 tenants: tenant-{shard}\n"
        for shard in ("01", "02")
    )
