"""What a branch is compared with: where it left main, so that what came to main since is not told backwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.errors import LocalError
from rehearsal.copies import base_of
from tests.workflows.github.site import commit, git


def _changed(root: Path, name: str) -> str:
    (root / name).touch()
    return commit(root, name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    return tmp_path


@pytest.mark.parametrize("named", [True, False])
def test_a_branch_that_is_behind_is_compared_with_where_it_left(root: Path, named: bool) -> None:
    left = _changed(root, "first")
    git(root, "branch", "branch")
    newer = _changed(root, "newer")
    git(root, "checkout", "--quiet", "branch")
    _changed(root, "own")
    assert base_of(root, newer if named else "") == left


def test_a_pull_requests_merge_commit_is_compared_with_what_it_was_merged_into(root: Path) -> None:
    _changed(root, "first")
    git(root, "branch", "branch")
    newer = _changed(root, "newer")
    git(root, "checkout", "--quiet", "branch")
    _changed(root, "own")
    git(root, "checkout", "--quiet", "--detach", "main")
    git(root, "merge", "--quiet", "--no-ff", "--no-edit", "branch")
    assert base_of(root, newer) == newer


def test_a_branch_with_a_history_of_its_own_is_told(root: Path) -> None:
    first = _changed(root, "first")
    git(root, "checkout", "--quiet", "--orphan", "other")
    _changed(root, "own")
    with pytest.raises(LocalError) as error:
        base_of(root, first)
    assert "\n" not in str(error.value)
