"""A branch is found whatever git allows in its name, and an older commit is not deployed over a newer one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from operations.errors import OperationError
from operations.github import newest
from operations.github.client import pull_request_of
from tests.workflows.github.site import REPOSITORY, Settings, Site, commit, git

_RIGHTS = {"contents": "read", "deployments": "read", "pull-requests": "read"}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Three commits on main, and a token that may read."""
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "--quiet", "--initial-branch", "main")
    for message in ("first", "second", "third"):
        commit(origin, message)
    site = Site.new(tmp_path / "site", origin, Settings(), {})
    site.grant("token", _RIGHTS)
    monkeypatch.setenv("GH_TOKEN", "token")
    monkeypatch.setenv("PATH", f"{site.bin}{os.pathsep}{os.environ['PATH']}")
    return site


@pytest.mark.parametrize(
    "branch",
    ["feature/#12", "a&b", "a&head=x", "100%", "a%23b", "c++", "ünï/ço", "{owner}", "a;b", "a'b", 'a"b', "a=b"],
)
def test_a_branch_is_found_whatever_git_allows_in_its_name(site: Site, branch: str) -> None:
    pulls = [
        {"number": 3, "head": {"label": "somebody:else", "sha": "c0ffee"}},
        {"number": 7, "head": {"label": f"stranger:{branch}", "sha": "c0ffee"}},
    ]
    site.write({**site.store, "pulls": pulls})
    assert pull_request_of(REPOSITORY, f"stranger:{branch}", "c0ffee") == 7


def _main(site: Site, stack: str, revision: str) -> int:
    return newest.main(
        {"REPOSITORY": REPOSITORY, "ENVIRONMENT": stack, "COMMIT": git(site.origin, "rev-parse", revision)}
    )


@pytest.mark.parametrize(
    ("deployed", "revision", "refused", "told"),
    [
        # What main has may always be deployed, also again, and after a main that was set back.
        ([], "main", False, "is what main has"),
        ([("main", "success")], "main", False, "is what main has"),
        ([("later", "success")], "main", False, "is what main has"),
        # On its way while main moved on: nothing newer is there yet.
        ([], "main~1", False, "though main is further"),
        ([("main~2", "success")], "main~1", False, "though main is further"),
        ([("main~2", "success"), ("main", "waiting")], "main~1", False, "though main is further"),
        ([("main~1", "success"), ("main~1", "in_progress")], "main~1", False, "though main is further"),
        # Older files, whether the newer deploy went well, failed, or is at work.
        ([("main~1", "success"), ("main", "success")], "main~1", True, "is older than"),
        ([("main", "in_progress", "failure")], "main~1", True, "is older than"),
        (
            [("main", "in_progress", "success", "inactive"), ("main~1", "in_progress")],
            "main~1",
            True,
            "is older than",
        ),
        ([("main", "success")], "main~2", True, "is older than"),
        # An older one that was refused hides nothing.
        ([("main", "in_progress", "success"), ("main~2", "in_progress", "failure")], "main~1", True, "is older than"),
        # Of no branch any more.
        ([("main~1", "success")], "beside", True, "is not on main"),
    ],
)
def test_older_files_are_not_put_back(
    site: Site, *, deployed: list[tuple[str, ...]], revision: str, refused: bool, told: str
) -> None:
    git(site.origin, "checkout", "--quiet", "-b", "beside", "main~2")
    commit(site.origin, "beside")
    git(site.origin, "checkout", "--quiet", "-b", "later", "main")
    commit(site.origin, "later")
    for name, *states in deployed:
        site.deployed("prod", git(site.origin, "rev-parse", name), *states)
    site.deployed("dev", git(site.origin, "rev-parse", "main"), "success")
    commit_ = git(site.origin, "rev-parse", revision)
    if refused:
        with pytest.raises(OperationError, match=told):
            newest.require_newest(REPOSITORY, "prod", commit_)
    else:
        assert told in newest.require_newest(REPOSITORY, "prod", commit_)


def test_what_cannot_be_asked_is_not_deployed(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.grant("token", {"contents": "read"})
    assert _main(site, "prod", "main~1") == 1
    assert capsys.readouterr().err == (
        f"error: gh GET repos/{REPOSITORY}/deployments: gh: Resource not accessible by integration (HTTP 403)\n"
    )
    assert newest.main({"REPOSITORY": REPOSITORY, "ENVIRONMENT": "prod"}) == 1
    assert capsys.readouterr().err == "error: COMMIT is not set: the workflows in .github/ set it\n"
