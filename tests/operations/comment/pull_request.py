"""A pull request as `comment` finds it: main's repository, and GitHub's command, which keeps what is written there."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from operations.preview.document import document_of
from operations.preview.plan import Plan, TenantPlan
from tests.workflows.github.site import git

# Stands in for GitHub's command: answers what the test says, and keeps what was asked.
_GH = """\
#!{python}
import json, os, sys
folder = os.environ["FAKE_GH"]
method, path = sys.argv[sys.argv.index("--method") + 1], sys.argv[-3 if sys.argv[-1] == "-" else -1]
body = json.load(sys.stdin)
with open(folder + "/asked", "a") as asked:
    asked.write(json.dumps([method, path.partition("?")[0], body]) + "\\n")
if method == "GET":
    answers = json.load(open(folder + "/answers"))
    print(json.dumps(next(answer for part, answer in answers.items() if part in path)))
"""
BOT = {"login": "github-actions[bot]"}


class GitHub:
    """What GitHub answers to questions, and what was written there."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self.main, self.commit = git(folder, "rev-parse", "main"), ""
        (folder / "gh").write_text(_GH.format(python=sys.executable))
        (folder / "gh").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("FAKE_GH", str(folder))
        variables = {"REPOSITORY": "o/r", "HEAD": "stranger:branch", "PLANS": "plans"}
        for name, value in {
            **variables,
            "GH_TOKEN": "x",
            "STACK": "prod",
            "RUN_URL": "https://example.com/run",
        }.items():
            monkeypatch.setenv(name, value)

    def answers(self, **parts: Any) -> None:
        pull = {"/pulls": [{"number": 7, "head": {"sha": self.commit}}]}
        (self._folder / "answers").write_text(json.dumps(parts | pull))

    def proposes(self, commit: str) -> None:
        """The pull request is at this commit, and has no comment yet."""
        self.commit = commit
        self._monkeypatch.setenv("PROPOSAL", commit)
        self.answers(**{"/comments": [[]]})

    @property
    def written(self) -> list[list[Any]]:
        lines = (self._folder / "asked").read_text().splitlines()
        return [asked for asked in map(json.loads, lines) if asked[0] != "GET"]

    @property
    def bodies(self) -> list[str]:
        """The comments that were written."""
        return [body["body"] for _method, _path, body in self.written]


def proposal(root: Path, files: Mapping[str, str | None]) -> str:
    """The commit of a branch with these files, None for one that goes; main is checked out again."""
    git(root, "checkout", "--quiet", "--detach", "main")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            (root / name).unlink()
        else:
            (root / name).write_text(text)
    head = commit_of(root, *files)
    git(root, "checkout", "--quiet", "main")
    return head


def commit_of(root: Path, *names: str) -> str:
    """These files as a commit; its name."""
    git(root, "add", "--all", "--", *names)
    git(root, "commit", "--quiet", "--message", "A change")
    return git(root, "rev-parse", "HEAD")


def write_plan(root: Path, stack: str = "prod", *, tenant: str = "acme", folder: str = "plans") -> None:
    (root / folder).mkdir(exist_ok=True)
    plan = Plan(stack, (TenantPlan(tenant, ("changed",), ("agent release",)),))
    (root / folder / f"{stack}.json").write_bytes(document_of(plan))
