"""The virtual environment is made from the lock, whatever lies in its place and whatever pip is told by the shell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.checkout import FOREIGN_PYTHON

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose lock is empty: what matters here is where things would go."""
    (tmp_path / "local").mkdir()
    shutil.copy2(ROOT / "local" / "bootstrap.py", tmp_path / "local")
    shutil.copy2(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements-dev.txt").write_text("")
    return tmp_path


def _bootstrap(checkout: Path, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "local/bootstrap.py", ".venv"],
        cwd=checkout,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def _told(python: Path) -> tuple[list[int], bool]:
    asked = "import importlib.util as u, json, sys; print(json.dumps([sys.version_info[:2], bool(u.find_spec('pip'))]))"
    version, has_pip = json.loads(subprocess.run([python, "-c", asked], capture_output=True, check=True).stdout)
    return version, has_pip


def test_an_environment_of_another_tool_or_python_is_made_anew(checkout: Path) -> None:
    """uv and poetry make one without pip; a package manager's upgrade leaves one whose Python is gone."""
    other = checkout / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(other)], check=True)
    assert "made anew" in _bootstrap(checkout)
    assert _told(other / "bin" / "python") == (list(sys.version_info[:2]), True)

    (other / "bin" / "python").unlink()
    (other / "bin" / "python").symlink_to("/nowhere/python3.9")
    assert "made anew" in _bootstrap(checkout)
    assert _told(other / "bin" / "python") == (list(sys.version_info[:2]), True)
    assert "made anew" not in _bootstrap(checkout)


def test_make_notices_that_the_python_of_its_environment_is_gone(checkout: Path) -> None:
    _bootstrap(checkout)
    ready = checkout / ".venv" / ".ready"
    for age, path in enumerate((checkout / "local" / "bootstrap.py", checkout / "requirements-dev.txt", ready), 1):
        os.utime(path, (age, age))
    asked = ["make", "--no-print-directory", "-n", "packages", f"PYTHON={sys.executable}"]
    assert "bootstrap" not in subprocess.run(asked, cwd=checkout, capture_output=True, text=True, check=True).stdout
    (checkout / ".venv" / "bin" / "python").unlink()
    assert "bootstrap" in subprocess.run(asked, cwd=checkout, capture_output=True, text=True, check=True).stdout


def test_what_pip_is_told_of_other_places_does_not_count(checkout: Path, tmp_path: Path) -> None:
    """Each of these makes pip refuse, or install elsewhere."""
    elsewhere = {"PIP_USER": "1", "PIP_TARGET": str(tmp_path / "target"), "PIP_PREFIX": str(tmp_path / "prefix")}
    (checkout / "requirements-dev.txt").write_text("")
    _bootstrap(checkout, PIP_REQUIRE_VIRTUALENV="1", **elsewhere)
    assert (checkout / ".venv" / ".ready").exists()
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("name", FOREIGN_PYTHON)
def test_what_a_shell_holds_for_another_python_reaches_no_command(checkout: Path, name: str) -> None:
    """The images of containers set one of these: every process compiled all packages anew, a third of a run's time.

    Another, PYTHONHOME, let every command take the environment for broken and install it anew.
    """
    python, ready = checkout / ".venv" / "bin" / "python", checkout / ".venv" / ".ready"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    ready.touch()
    asked = ["make", "--no-print-directory", "--eval", f"shown: ; @echo [$${name}]", "shown"]
    done = subprocess.run(
        asked, cwd=checkout, capture_output=True, text=True, check=True, env={**os.environ, name: "1"}
    )
    assert done.stdout == "[]\n"
    assert ready.exists()
