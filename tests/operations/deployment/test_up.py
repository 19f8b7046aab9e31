"""`make up STACK=…`: runs where anything differs, says so in one line where nothing does, records what was complete."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from operations.__main__ import main
from operations.deployment import up
from operations.deployment.complete_run import TAG
from operations.deployment.engines import Engines
from operations.errors import OperationError
from tests.operations.deployment.paper_shell import with_paper_engine
from tests.unit.asked import project
from tests.workflows.github.model import ROOT


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the stack `test`, in a shell with an engine, and no cluster to heal in."""
    folder = project(tmp_path / "project")
    tools = with_paper_engine(tmp_path, monkeypatch)
    monkeypatch.setattr(up, "heal_stack", lambda *_, **word: (tools / "healed").write_text(json.dumps(word)))
    return folder


def _up(root: Path, *options: str) -> int:
    return main(["--root", str(root), "up", "--stack", "acme/clearml-tenants/test", *options])


def _ups(root: Path) -> list[str]:
    return [line for line in (root.parent / "tools" / "runs").read_text().splitlines() if line.startswith("up ")]


def _at(root: Path, name: str) -> Path:
    return root.parent / "tools" / name


def test_the_second_run_is_one_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _up(root) == 0
    assert capsys.readouterr().out == "test: runs, since no complete run is recorded\n"
    (command,) = _ups(root)
    assert command.startswith("up --stack acme/clearml-tenants/test --refresh --suppress-outputs --message inputs ")
    _at(root, "healed").unlink()
    assert _up(root) == 0
    told = capsys.readouterr().out
    assert told.startswith("test: unchanged since 20")
    assert told.endswith("Z, 2 tenants; ALL=yes runs it anyway\n")
    assert len(_ups(root)) == 1
    assert not _at(root, "healed").exists()


def test_engine_is_asked_three_things_where_nothing_changed(root: Path) -> None:
    assert _up(root) == 0
    _at(root, "runs").write_text("")
    assert _up(root) == 0
    asked = _at(root, "runs").read_text().splitlines()
    assert sorted(" ".join(line.split()[:2]) for line in asked) == [
        "stack export",
        "stack tag",
        "version --non-interactive",
    ]
    # What is recorded has no bearing on a run that is asked for.
    _at(root, "runs").write_text("")
    assert _up(root, "--all") == 0
    before = _at(root, "runs").read_text().partition("\nup ")[0].splitlines()
    assert sorted(" ".join(line.split()[:2]) for line in before) == [
        "stack export",
        "stack tag",
        "version --non-interactive",
    ]


def test_whoever_asks_for_all_gets_a_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _up(root)
    monkeypatch.setenv("ALL", "yes")
    assert _up(root) == 0
    assert len(_ups(root)) == 2
    assert _at(root, "healed").exists()


@pytest.mark.parametrize("word", [True, False])
def test_whether_a_run_is_at_work_is_handed_on_to_the_healing(root: Path, word: bool) -> None:
    assert _up(root, *(["--no-run-at-work"] if word else [])) == 0
    assert json.loads(_at(root, "healed").read_text()) == {"no_run_at_work": word}


def test_another_tenants_file_is_a_reason(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _up(root)
    path = root / "config" / "tenants" / "test" / "acme.yaml"
    path.write_text(path.read_text().replace("Acme Inc.", "Acme AG"))
    capsys.readouterr()
    assert _up(root) == 0
    assert "test: runs, since something is not as in the complete run of 20" in capsys.readouterr().out
    assert _up(root) == 0
    assert len(_ups(root)) == 2


def test_a_failed_run_is_not_recorded_and_neither_is_the_one_before(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _up(root)
    _at(root, "fails").touch()
    assert _up(root, "--all") == 1
    assert capsys.readouterr().err == (
        "error: stack acme/clearml-tenants/test: the run is not complete: the engine says why above\n"
    )
    _at(root, "fails").unlink()
    assert _up(root) == 0
    assert len(_ups(root)) == 3


def test_files_that_change_during_a_run_are_not_recorded(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which of them the run has read, nobody knows."""
    _at(root, "edits").write_text(str(root / "config" / "tenants" / "test" / "acme.txt"))
    assert _up(root) == 0
    assert "files changed during the run, so the next one runs again" in capsys.readouterr().out
    assert json.loads(_at(root, "tags").read_text()) == {TAG: "-"}


def test_a_run_is_not_recorded_where_another_followed(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engines, "in_terminal", lambda *_: _at(root, "history").write_text("[]"))
    assert _up(root) == 0
    assert "the next run looks at everything again: the newest update is no complete run" in capsys.readouterr().out


def test_nothing_runs_with_files_that_are_not_valid(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "config" / "tenants" / "test" / "acme.yaml").write_text("company: 1\n")
    assert _up(root) == 1
    assert "config/tenants/test/acme.yaml" in capsys.readouterr().err
    assert _ups(root) == []


def test_without_a_stack_it_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up"]) == 1
    assert "make up STACK=prod" in capsys.readouterr().err


def test_without_an_engine_it_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(OperationError, match="pulumi is not on PATH"):
        up.up(root, "test", print, everything=False, no_run_at_work=False)


def test_whoever_ends_it_ends_the_engine_in_order(root: Path) -> None:
    """A job that runs out of time gets a SIGTERM: the engine writes down what it has done, and is never left behind."""
    _at(root, "waits").touch()
    code = (
        "import sys\nfrom operations.deployment import up\nup.heal_stack = lambda *_, **__: None\n"
        "from operations.__main__ import main\nsys.exit(main(sys.argv[1:]))"
    )
    command = (sys.executable, "-c", code, "--root", str(root), "up", "--stack", "test")
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, start_new_session=True) as process:
        for _ in range(300):
            if not _at(root, "waits").exists():
                break
            time.sleep(0.1)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 1
    assert _at(root, "ended").exists()


@pytest.mark.parametrize(("stack", "module"), [("prod", "operations.deployment"), ("local", "local"), ("", "local")])
def test_make_hands_a_stack_of_ones_own_to_it_and_the_laptops_to_its_environment(stack: str, module: str) -> None:
    recipe = subprocess.run(
        ["make", "--dry-run", "--always-make", "--old-file=.venv/.ready", "up", f"STACK={stack}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert f"-m {module} up" in recipe


@pytest.mark.parametrize(("value", "told"), [("true", True), ("1", True), ("false", False), ("", False)])
def test_shell_that_lets_no_run_write_as_it_goes_is_told_of(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str, *, told: bool
) -> None:
    """Accident: such a run was killed; four tenants' releases stood in the way of the next, and no state knew them."""
    monkeypatch.setenv("PULUMI_SKIP_CHECKPOINTS", value)
    assert _up(root) == 0
    assert ("test: PULUMI_SKIP_CHECKPOINTS is set" in capsys.readouterr().out) == told
