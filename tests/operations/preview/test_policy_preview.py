"""`make policy`: pulumi's own preview with the pack, or one line where what runs a pack is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from operations.__main__ import main

# What a release has that matters here. One before 3.221 had `pulumi-analyzer-policy-python`, too; none since.
_TOOLS = ("pulumi", "pulumi-language-python")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that is on PATH: a `pulumi` that writes down how it was called, and the language host."""
    for name in _TOOLS:
        (tmp_path / name).write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/called\nexit ${{FAILS:-0}}\n')
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_it_is_pulumis_preview_with_the_pack(path: Path) -> None:
    assert main(["policy", "--stack", "prod"]) == 0
    assert (path / "called").read_text().startswith("preview --stack prod --policy-pack policy")


def test_a_missing_language_host_is_told_in_one_line_and_nothing_is_run(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path / "pulumi-language-python").unlink()
    assert main(["policy", "--stack", "prod"]) == 1
    assert capsys.readouterr().err == (
        "error: pulumi-language-python: not on PATH, nor beside the engine: policies run where the official Pulumi is "
        "installed, which has it\n"
    )
    assert not (path / "called").exists()


def test_a_host_beside_the_engine_that_a_package_manager_linked_will_do(path: Path) -> None:
    """As Homebrew lays it out: only some of a release's files are linked into the folder on PATH."""
    cellar = path / "Cellar" / "pulumi" / "3.259.0" / "bin"
    cellar.mkdir(parents=True)
    for name in _TOOLS:
        (path / name).rename(cellar / name)
    (path / "pulumi").symlink_to(cellar / "pulumi")
    assert main(["policy", "--stack", "prod"]) == 0
    assert (path / "called").exists()


def test_a_violation_is_a_failure(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILS", "255")
    assert main(["policy", "--stack", "prod"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_no_stack_is_one_line_too(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "--stack", ""]) == 1
    assert capsys.readouterr().err == "error: STACK: is missing; write it like make policy STACK=prod\n"
