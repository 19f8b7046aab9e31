"""One comment a stack and one issue, brought up to date in place; a stranger's file is data or refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from operations.__main__ import main
from operations.github.runner import output
from operations.preview.comment import marker_of
from operations.preview.document import document_of
from operations.preview.plan import Plan
from tests.operations.comment.pull_request import BOT, GitHub, write_plan
from tests.unit.asked import project
from tests.workflows.github.job_run import entries_of


def test_the_first_plan_is_a_new_comment_that_says_whose_words_it_has(tmp_path: Path, github: GitHub) -> None:
    """Also where somebody else wrote our first line into a comment of theirs."""
    theirs = {"id": 1, "user": {"login": "stranger"}, "body": marker_of("prod")}
    github.answers(**{"/comments": [[theirs]]})
    write_plan(tmp_path)
    assert main(["--root", str(tmp_path), "comment"]) == 0
    ((method, path, body),) = github.written
    assert (method, path) == ("POST", "repos/o/r/issues/7/comments")
    assert body["body"].splitlines()[:4] == [
        marker_of("prod"),
        "## `prod`: nothing in its files that has a meaning differs",
        "",
        f"_Main's own program compared the files, key by key, with main at {github.main[:8]}, merged with "
        f"{github.commit[:8]}._",
    ]
    assert (
        "_From here on it is the word of the branch's author, whose own program told it at commit "
        f"{github.commit[:8]}; nobody vouches for it._ It says: 1 of 1 tenants\n"
    ) in body["body"]


def test_a_later_plan_replaces_it_and_another_stacks_is_another_comment(tmp_path: Path, github: GitHub) -> None:
    """Several artifacts have a folder each."""
    ours = [
        {"id": number, "user": BOT, "body": f"{marker_of(stack)}\nold"} for number, stack in ((1, "dev"), (2, "prod"))
    ]
    github.answers(**{"/comments": [ours[:1], ours[1:]]})
    write_plan(tmp_path, folder="plans/plan-prod")
    write_plan(tmp_path, "dev", folder="plans/plan-dev")
    assert main(["--root", str(tmp_path), "comment"]) == 0
    written = [(method, path, body["body"].partition("\n")[0]) for method, path, body in github.written]
    assert written == [
        ("PATCH", "repos/o/r/issues/comments/1", marker_of("dev")),
        ("PATCH", "repos/o/r/issues/comments/2", marker_of("prod")),
    ]


def test_a_stack_that_the_change_touches_no_more_does_not_keep_its_old_plan(tmp_path: Path, github: GitHub) -> None:
    """A reviewer would read what an earlier commit would have done."""
    ours = {"id": 3, "user": BOT, "body": f"{marker_of('dev')}\n## `dev`: 1 of 1 tenants\n"}
    theirs = {"id": 4, "user": {"login": "stranger"}, "body": f"{marker_of('staging')}\nold"}
    github.answers(**{"/comments": [[ours, theirs]]})
    assert main(["--root", str(tmp_path), "comment"]) == 0
    ((method, path, body),) = github.written
    assert (method, path) == ("PATCH", "repos/o/r/issues/comments/3")
    assert body["body"].startswith(f"{marker_of('dev')}\nAt {github.commit} the change does not touch")
    assert "1 of 1" not in body["body"]


def test_a_pull_request_that_has_moved_on_gets_nothing(
    tmp_path: Path, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.answers(**{"/comments": [[]]})
    monkeypatch.setenv("PROPOSAL", "f" * 40)
    write_plan(tmp_path)
    assert main(["--root", str(tmp_path), "comment"]) == 0
    assert github.written == []


@pytest.mark.parametrize("name", ["other.json", "plan-x/other.json", "plan-x/prod.json", "prod.md", "..prod.json"])
def test_only_mains_stacks_have_comments_wherever_a_file_lies(tmp_path: Path, github: GitHub, name: str) -> None:
    """300 files are no comment, and never more than there are stacks."""
    github.answers(**{"/comments": [[]]})
    (tmp_path / "plans" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "plans" / name).write_bytes(document_of(Plan(Path(name).stem, ())))
    write_plan(tmp_path, "local")
    assert main(["--root", str(tmp_path), "comment"]) == 0
    assert github.written == []


@pytest.mark.parametrize(
    "content",
    [
        b"# Reviewed by security, please merge @acme/everybody",
        b"<!-- clearml-tenants plan: prod -->\n## `prod`: nothing changes\n",
        b'{"stack": "prod", "tenants": [], "approved": "by security"}',
        b'{"stack": "dev", "tenants": []}',
        b'{"stack": "prod", "tenants": [], "number": 1, "head": "0000000"}',
        b'{"stack": "prod", "tenants": [{"name": "a", "happens": ["merged by @root"]}]}',
        b'{"stack": "prod", "tenants": []}, {"stack": "prod", "tenants": []}',
        b'{"stack": "prod", "tenants": [], "files": {"others": 1e400}}',
        b'{"stack": "prod", "tenants": [], "files": {"others": -1}}',
        b'{"stack": "prod", "tenants": [], "rules": ["' + b"x" * 10_001 + b'"]}',
        b'{"stack": "prod", "tenants": [], "rules": [' + b'"",' * 20_000 + b'""]}',
        b'{"stack": "prod", "tenants": [], "rules": "' + b"[" * 100_000 + b'"}',
        b"[" * 200_000,
        b"\xff\xfe",
        b"",
        b" " * 16_000_001,
    ],
)
def test_what_is_no_plan_is_no_comment_of_the_branchs_words_and_leaves_no_older_plan(
    tmp_path: Path, github: GitHub, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    older = {"id": 3, "user": BOT, "body": f"{marker_of('prod')}\n## `prod`: nothing changes\n"}
    github.answers(**{"/comments": [[older]]})
    (tmp_path / "plans" / "prod.json").write_bytes(content)
    assert main(["--root", str(tmp_path), "comment"]) == 1
    (error,) = capsys.readouterr().err.splitlines()
    assert error.startswith("error: plan of prod: ")
    (body,) = github.bodies
    assert f"_No plan: what the branch's own program wrote at commit {github.commit[:8]} is none. " in body
    for theirs in ("security", "nothing changes", "@", "merged by", "0000000", "xxx"):
        assert theirs not in body + error


def test_a_plan_behind_a_link_is_not_read(tmp_path: Path, github: GitHub, capsys: pytest.CaptureFixture[str]) -> None:
    github.answers(**{"/comments": [[]]})
    write_plan(tmp_path, folder="elsewhere")
    (tmp_path / "plans" / "prod.json").symlink_to(tmp_path / "elsewhere" / "prod.json")
    assert main(["--root", str(tmp_path), "comment"]) == 1
    assert "prod.json: is a link" in capsys.readouterr().err
    assert "1 of 1" not in "".join(github.bodies)


def test_a_plans_words_stay_words(tmp_path: Path, github: GitHub) -> None:
    github.answers(**{"/comments": [[]]})
    write_plan(tmp_path, tenant="@acme/all <img src=//e.com> ![x](http://e.com) [a](http://e.com) #1 |x")
    assert main(["--root", str(tmp_path), "comment"]) == 0
    (body,) = github.bodies
    for active in ("@acme", "<img", "![x](", "[a](", "http://", " #1"):
        assert active not in body.replace(r"\<img", "").replace(r"\[a\](", "")


@pytest.mark.parametrize("there", [True, False])
def test_drift_is_one_issue(github: GitHub, there: bool) -> None:
    open_one = {"number": 9, "user": BOT, "body": "<!-- clearml-tenants drift: prod -->\nold"}
    github.answers(**{"/issues": [[open_one] if there else []]})
    assert main(["drift"]) == 0
    ((method, path, body),) = github.written
    assert (method, path) == (("PATCH", "repos/o/r/issues/9") if there else ("POST", "repos/o/r/issues"))
    assert body["title"] == "prod has drifted"
    assert "https://example.com/run" in body["body"]


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize(
    "night",
    [
        ("histories", "nightly", "The nightly histories fail"),
        ("witness", "witness", "The public charts do not take all values"),
    ],
)
def test_what_fails_in_the_night_is_one_issue_a_job(
    github: GitHub, monkeypatch: pytest.MonkeyPatch, night: tuple[str, str, str], there: bool
) -> None:
    job, marker, title = night
    monkeypatch.setenv("GITHUB_JOB", job)
    open_one = {"number": 9, "user": BOT, "body": f"<!-- clearml-tenants {marker} -->\nold"}
    github.answers(**{"/issues": [[open_one] if there else []]})
    assert main(["broken"]) == 0
    ((method, path, body),) = github.written
    assert (method, path) == (("PATCH", "repos/o/r/issues/9") if there else ("POST", "repos/o/r/issues"))
    assert body["title"] == title
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
