"""`make protection`: a setting that lets a stranger near a secret is one line with its fix; so is what is unseen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from operations.__main__ import main
from operations.github.protection.branch import CHECKS
from tests.operations.github_settings import NAME, TOKEN, Answers, honest, serving
from tests.operations.protection_faults import FORKS, HONEST, LACKING, Change
from tests.workflows.github.model import Repository


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Ask of a project with one stack; the exit code, the lines and the last word."""
    (tmp_path / "config").mkdir()
    for stack in ("local", "prod"):
        (tmp_path / "config" / f"Pulumi.{stack}.yaml").touch()

    def run(answers: Answers, token: str = TOKEN) -> tuple[int, list[str], str]:
        monkeypatch.setenv("GH_TOKEN", token)
        with serving(answers) as address:
            monkeypatch.setenv("GITHUB_API_URL", address)
            code = main(["--root", str(tmp_path), "protection", "--repository", NAME])
        printed = capsys.readouterr()
        assert TOKEN not in printed.out + printed.err
        return code, printed.out.splitlines(), printed.err

    return run


def test_nothing_is_to_be_said_of_a_repository_that_is_as_asked(ask: Callable[..., Any]) -> None:
    assert ask(honest()) == (0, [f"{NAME}: every setting is as docs/github.md asks"], "")


@pytest.mark.parametrize(("changes", "said"), LACKING.values(), ids=LACKING)
def test_what_lacks_is_one_line_with_its_fix(ask: Callable[..., Any], changes: list[Change], said: str) -> None:
    answers = honest()
    for change in changes:
        change(answers)
    code, lines, error = ask(answers)
    assert code == 1
    assert said in lines[0]
    assert len(lines) == 1
    assert "; " in lines[0] or " in Settings" in lines[0]
    assert error == f"error: {NAME}: 1 settings are not as docs/github.md asks; mend each line\n"


@pytest.mark.parametrize("changes", HONEST.values(), ids=HONEST)
def test_another_way_to_the_same_is_right_too(ask: Callable[..., Any], changes: list[Change]) -> None:
    answers = honest()
    for change in changes:
        change(answers)
    assert ask(answers) == (0, [f"{NAME}: every setting is as docs/github.md asks"], "")


@pytest.mark.parametrize("status", [301, 403, 404, 500])
@pytest.mark.parametrize(
    "path", [path for path in honest() if path not in ("/branches", FORKS, "/branches/main/protection")]
)
def test_what_a_token_may_not_see_is_told_and_fails(ask: Callable[..., Any], path: str, status: int) -> None:
    answers = honest()
    answers[path] = status
    code, lines, _error = ask(answers)
    assert code == 1
    assert f"cannot be seen (HTTP {status}" in lines[0]
    assert "give GH_TOKEN a token with " in lines[0]


@pytest.mark.parametrize("content", [b"<html>", b"", b"[1", b"7"])
def test_an_answer_of_another_form_is_not_taken_for_a_right_one(ask: Callable[..., Any], content: bytes) -> None:
    """As a proxy gives, in place of GitHub's."""
    answers = honest()
    answers["/environments"] = content
    code, lines, _error = ask(answers)
    assert (code, "cannot be seen" in lines[0]) == (1, True)


def test_protection_that_is_not_seen_is_told_where_the_rules_are_not_enough(ask: Callable[..., Any]) -> None:
    answers = {**honest(), "/rules/branches/main": [], "admin": False}
    code, lines, _error = ask(answers)
    assert code == 1
    assert lines[0].startswith("main: branch protection, which its rules do not make up for: cannot be seen (HTTP 404")


def test_a_wrong_token_sees_nothing(ask: Callable[..., Any]) -> None:
    code, lines, _error = ask(honest(), token="another")
    assert (code, len(lines)) == (1, 1)
    assert "cannot be seen (HTTP 401, 'Bad credentials')" in lines[0]


@pytest.mark.parametrize("address", ["http://github.example.com", "ftp://x", "x"])
def test_a_token_is_not_sent_in_the_clear(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_API_URL", address)
    assert main(["protection", "--repository", NAME]) == 1
    assert "the token would go in the clear" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "acme", "a/b/c", "a/b?x=1", "../x/y"])
def test_a_repository_is_named_by_owner_and_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    assert main(["protection", "--repository", name]) == 1
    assert "write it like REPOSITORY=acme/clearml-tenants" in capsys.readouterr().err


def test_the_checks_that_are_asked_for_run_for_every_pull_request() -> None:
    jobs = Repository.own().workflows["check"]["jobs"]
    assert {job["name"] for job in jobs.values() if "if" not in job} == CHECKS
