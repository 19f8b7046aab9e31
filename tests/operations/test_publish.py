"""One comment a stack and one issue, brought up to date in place; a stranger's file is text or refused."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from operations.__main__ import main
from operations.github.runner import output
from operations.preview.comment import LIMIT, marker_of
from tests.unit.asked import project
from tests.workflows.github.job_run import entries_of

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
_BOT = {"login": "github-actions[bot]"}
_PULL = {"/pulls": [{"number": 7, "head": {"sha": "c0ffee"}}]}


class GitHub:
    """What GitHub answers to questions, and what was written there."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        (folder / "gh").write_text(_GH.format(python=sys.executable))
        (folder / "gh").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("FAKE_GH", str(folder))
        variables = {"REPOSITORY": "o/r", "HEAD": "stranger:branch", "COMMIT": "c0ffee", "PLANS": "plans"}
        for name, value in {
            **variables,
            "GH_TOKEN": "x",
            "STACK": "prod",
            "RUN_URL": "https://example.com/run",
        }.items():
            monkeypatch.setenv(name, value)

    def answers(self, **parts: Any) -> None:
        (self._folder / "answers").write_text(json.dumps(parts | _PULL))

    @property
    def written(self) -> list[list[Any]]:
        lines = (self._folder / "asked").read_text().splitlines()
        return [asked for asked in map(json.loads, lines) if asked[0] != "GET"]


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitHub:
    (tmp_path / "plans").mkdir()
    return GitHub(tmp_path, monkeypatch)


def _plan(root: Path, text: str = "", name: str = "prod.md") -> str:
    text = text or f"{marker_of('prod')}\n## plan\n"
    (root / "plans" / name).write_text(text)
    return text


def test_the_first_plan_is_a_new_comment(tmp_path: Path, github: GitHub) -> None:
    """Also where somebody else wrote our first line into a comment of theirs."""
    theirs = {"id": 1, "user": {"login": "stranger"}, "body": marker_of("prod")}
    github.answers(**{"/comments": [[theirs]]})
    text = _plan(tmp_path)
    assert main(["--root", str(tmp_path), "comment"]) == 0
    assert github.written == [["POST", "repos/o/r/issues/7/comments", {"body": text}]]


def test_a_later_plan_replaces_it_and_another_stacks_is_another_comment(tmp_path: Path, github: GitHub) -> None:
    ours = [
        {"id": number, "user": _BOT, "body": f"{marker_of(stack)}\nold"} for number, stack in ((1, "dev"), (2, "prod"))
    ]
    github.answers(**{"/comments": [ours[:1], ours[1:]]})
    text, other = _plan(tmp_path), _plan(tmp_path, f"{marker_of('dev')}\n## plan\n", "dev.md")
    assert main(["--root", str(tmp_path), "comment"]) == 0
    assert github.written == [
        ["PATCH", "repos/o/r/issues/comments/1", {"body": other}],
        ["PATCH", "repos/o/r/issues/comments/2", {"body": text}],
    ]


def test_a_stack_that_the_change_touches_no_more_does_not_keep_its_old_plan(tmp_path: Path, github: GitHub) -> None:
    """A reviewer would read what an earlier commit would have done."""
    ours = {"id": 3, "user": _BOT, "body": f"{marker_of('dev')}\n## `dev`: 1 of 1 tenants\n"}
    theirs = {"id": 4, "user": {"login": "stranger"}, "body": f"{marker_of('staging')}\nold"}
    github.answers(**{"/comments": [[ours, theirs]]})
    assert main(["--root", str(tmp_path), "comment"]) == 0
    ((method, path, body),) = github.written
    assert (method, path) == ("PATCH", "repos/o/r/issues/comments/3")
    assert body["body"].startswith(f"{marker_of('dev')}\nNo plan at c0ffee: ")
    assert "1 of 1" not in body["body"]


def test_a_pull_request_that_has_moved_on_gets_nothing(
    tmp_path: Path, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.answers(**{"/comments": [[]]})
    monkeypatch.setenv("COMMIT", "an-older-one")
    _plan(tmp_path)
    assert main(["--root", str(tmp_path), "comment"]) == 0
    assert github.written == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hello", "prod.md"),
        (marker_of("dev"), "prod.md"),
        (marker_of("prod") + "x" * LIMIT, "prod.md"),
        (marker_of("../x"), "..x y.md"),
    ],
)
def test_what_is_no_plan_is_not_published(
    tmp_path: Path, github: GitHub, capsys: pytest.CaptureFixture[str], text: str, name: str
) -> None:
    github.answers(**{"/comments": [[]]})
    _plan(tmp_path, text, name)
    assert main(["--root", str(tmp_path), "comment"]) == 1
    assert "is no plan: it" in capsys.readouterr().err
    assert github.written == []


@pytest.mark.parametrize("there", [True, False])
def test_drift_is_one_issue(github: GitHub, there: bool) -> None:
    open_one = {"number": 9, "user": _BOT, "body": "<!-- clearml-tenants drift: prod -->\nold"}
    github.answers(**{"/issues": [[open_one] if there else []]})
    assert main(["drift"]) == 0
    ((method, path, body),) = github.written
    assert (method, path) == (("PATCH", "repos/o/r/issues/9") if there else ("POST", "repos/o/r/issues"))
    assert body["title"] == "prod has drifted"
    assert "https://example.com/run" in body["body"]


@pytest.mark.parametrize("there", [True, False])
def test_nightly_failures_are_one_issue(github: GitHub, there: bool) -> None:
    open_one = {"number": 9, "user": _BOT, "body": "<!-- clearml-tenants nightly -->\nold"}
    github.answers(**{"/issues": [[open_one] if there else []]})
    assert main(["broken"]) == 0
    ((method, path, body),) = github.written
    assert (method, path) == (("PATCH", "repos/o/r/issues/9") if there else ("POST", "repos/o/r/issues"))
    assert body["title"] == "The nightly histories fail"
    assert "https://example.com/run" in body["body"]


def test_a_kubeconfig_is_a_private_file_and_never_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("RUNNER_TEMP", str(tmp_path)), ("GITHUB_ENV", str(tmp_path / "env"))):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KUBECONFIG_CONTENT", "PLANTED-kubeconfig")
    assert main(["kubeconfig"]) == 0
    file = tmp_path / "kubeconfig"
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("PLANTED-kubeconfig", 0o600)
    assert (tmp_path / "env").read_text() == f"KUBECONFIG={file}\n"
    assert "PLANTED" not in "".join(capsys.readouterr())


def test_outside_of_a_workflow_no_kubeconfig_is_touched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RUNNER_TEMP", raising=False)
    monkeypatch.setenv("KUBECONFIG_CONTENT", "x")
    assert main(["kubeconfig"]) == 1
    assert "RUNNER_TEMP is not set: this is a step of a workflow" in capsys.readouterr().err


def test_no_line_of_an_output_ends_it_and_makes_another(tmp_path: Path) -> None:
    value = "one\nEND-OF-VALUE\nother=1\nwaiting<<END-OF-VALUE"
    output("waiting", value, {"GITHUB_OUTPUT": str(tmp_path / "outputs")})
    assert entries_of((tmp_path / "outputs").read_text()) == {"waiting": value}


def test_an_output_of_many_lines_reaches_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pulumi").write_text(f"#!/bin/sh\necho '{json.dumps({'deployment': {'resources': []}})}'\n")
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    monkeypatch.setenv("STACK", "test")
    for ring in ("beta", ""):
        monkeypatch.setenv("RING", ring)
        assert main(["--root", str(project(tmp_path)), "ring"]) == 0
    first, *middle, last = (tmp_path / "outputs").read_text().splitlines()
    assert first.startswith("waiting<<")
    assert "**::acme-*" in middle
    assert last == "waiting="
