"""The command line of operations: what it takes from options and variables, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from operations import __main__ as operations
from operations.__main__ import main
from operations.github.workflow import STEPS


@pytest.fixture
def healed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, str, bool]]:
    """Each call that `heal` made: folder, stack, and whether no run is at work."""
    calls: list[tuple[Path, str, bool]] = []

    def heal_stack(root: Path, stack: str, _show: object, *, no_run_at_work: bool, alone: bool) -> bool:
        assert not alone
        calls.append((root, stack, no_run_at_work))
        return False

    monkeypatch.setattr(operations, "heal_environment", heal_stack)
    for name in ("STACK", "NO_RUN_AT_WORK"):
        monkeypatch.delenv(name, raising=False)
    return calls


@pytest.mark.parametrize(
    ("variables", "options", "expected"),
    [
        ("STACK=prod", "", ("prod", False)),
        ("STACK=prod", "--stack dev", ("dev", False)),
        ("", "--stack=a/b/prod --no-run-at-work", ("a/b/prod", True)),
        ("STACK=prod NO_RUN_AT_WORK=true", "", ("prod", True)),
        ("STACK=prod NO_RUN_AT_WORK=false", "", ("prod", False)),
        ("STACK=prod NO_RUN_AT_WORK=", "", ("prod", False)),
    ],
)
def test_an_option_goes_before_its_variable(
    healed: list[tuple[Path, str, bool]],
    monkeypatch: pytest.MonkeyPatch,
    variables: str,
    options: str,
    expected: tuple[str, bool],
) -> None:
    for each in variables.split():
        monkeypatch.setenv(*each.split("="))
    assert main(["--root", "here", "heal", *options.split()]) == 0
    assert healed == [(Path("here"), *expected)]


@pytest.mark.parametrize("variable", ["maybe", "no run"])
def test_what_is_neither_yes_nor_no_heals_nothing(
    healed: list[tuple[Path, str, bool]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
) -> None:
    monkeypatch.setenv("NO_RUN_AT_WORK", variable)
    assert main(["heal", "--stack", "prod"]) == 2
    assert "'--no-run-at-work'" in capsys.readouterr().err
    assert healed == []


@pytest.mark.parametrize("arguments", [["nothing"], ["heal", "prod"], ["heal", "--no-run"], ["--stack", "prod"], []])
def test_what_it_does_not_know_is_a_mistake_and_runs_nothing(
    healed: list[tuple[Path, str, bool]], capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments) == 2
    assert "Usage: operations" in capsys.readouterr().err
    assert healed == []


def test_an_interrupt_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(operations, "heal_environment", interrupted)
    assert main(["heal", "--stack", "prod"]) == 130
    assert capsys.readouterr().err.strip().splitlines() == [
        "error: interrupted: run the same command again and it goes on from here"
    ]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"  {name} " in told for name in ("tenant", "heal", "status", "policy", *STEPS))
