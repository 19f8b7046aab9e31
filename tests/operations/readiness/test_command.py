"""`make ready`: what the command says in all, and how it ends."""

from __future__ import annotations

import threading
import time

import pytest

from operations.__main__ import main
from operations.readiness.answer import Answer, answered
from tests.operations.readiness.place import Place, lines
from tests.unit.asked import STACK_FILE, project


def test_a_question_that_hangs_is_told_and_the_next_is_asked() -> None:
    started = time.monotonic()
    hangs = threading.Event()

    def question() -> list[Answer]:
        hangs.wait(60)
        return []

    (line,) = lines(answered("API", question, "look", seconds=0.2))
    hangs.set()
    assert line == "missing API: no answer within 0 s: look"
    assert time.monotonic() - started < 10


def test_the_command_ends_with_1_while_anything_is_missing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an engine, a cluster and hosts: it says so, and no secret."""
    place.environment(key="v1:aaa => replace-me")
    place.monkeypatch.setenv("KUBECONFIG", str(place.folder / "none"))
    assert main(["--root", str(place.folder / "project"), "ready", "--stack", "test"]) == 1
    told = capsys.readouterr()
    assert [
        line.split()[0] for line in told.out.splitlines() if line.split()[1] in ("files:", "stack:", "cluster")
    ] == ["missing"] * 3
    assert told.err.startswith("error: stack test: ")
    assert main(["ready"]) == 1
    assert capsys.readouterr().err == "error: STACK: is missing; write it like make ready STACK=prod\n"


def test_files_that_are_wrong_end_the_list(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(place.folder / "project", {STACK_FILE: "nonsense"})
    assert main(["--root", str(root), "ready", "--stack", "test"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("missing files: 1 mistakes, the first: config/Pulumi.test.yaml: ")
    assert line.endswith(": make check STACK=test")
