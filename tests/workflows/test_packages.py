"""A job that holds secrets installs the program's packages and no other, and these are enough for what it runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from local import bootstrap
from tests.workflows.github.model import ROOT

_OURS = {"settings", "components", "operations", "policy", "tests", "local", "rehearsal", "rendering"}


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]


def _required(file: str) -> set[str]:
    """The distributions that a lock names."""
    lines = (ROOT / file).read_text().splitlines()
    return {_plain(found[0]) for line in lines if (found := re.match(r"[A-Za-z][\w.-]*", line))}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("places", "lock"),
    [
        (("__main__.py", "settings", "components", "operations", "rendering"), "requirements.txt"),
        (
            (
                "policy",
                "rendering",
                "settings/types/versions.py",
                "settings/types/secrets/looks.py",
                "settings/types/vocabulary.py",
            ),
            "policy/requirements.txt",
        ),
    ],
)
def test_what_a_deploy_runs_imports_nothing_of_the_development_tools(places: tuple[str, ...], lock: str) -> None:
    known, installed = packages_distributions(), _required(lock)
    files = [
        file for place in places for file in ((ROOT / place).rglob("*.py") if "." not in place else [ROOT / place])
    ]
    own = [file for file in files if ".venv" not in file.parts]
    foreign = {name for file in own for name in _imported(file)} - _OURS - sys.stdlib_module_names
    assert foreign
    assert {name for name in foreign if not {_plain(each) for each in known.get(name, [name])} & installed} == set()


def test_what_runs_before_any_package_needs_none() -> None:
    names = ("__init__", "errors", "github/__init__", "github/newest", "github/client", "github/variables")
    files = [ROOT / "operations" / f"{name}.py" for name in names]
    files.append(ROOT / "local" / "bootstrap.py")
    foreign = {name for file in files for name in _imported(file)} - sys.stdlib_module_names
    assert foreign == {"operations"}
    own = re.compile(r"^from (operations[\w.]* import \w+)", re.MULTILINE)
    ours = {told for file in files for told in own.findall(file.read_text())}
    assert ours <= {
        "operations.errors import OperationError",
        "operations.github import client",
        "operations.github.variables import required",
    }


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which no package was installed yet."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "bootstrap.py").touch()
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "requirements.txt").touch()
    return tmp_path


def _would_run(checkout: Path, *arguments: str, **variables: str) -> str:
    command = ["make", "--dry-run", "--no-print-directory", *arguments]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", **variables}
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def _installed(checkout: Path, whole: str) -> None:
    """With a Python that runs, or make would take it for one that has gone; it says what else it was given."""
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text('#!/bin/sh\ntest "$1" = -I && echo runs || printf "%s|" "$@" "$STACK" > told\n')
    python.chmod(0o755)
    (checkout / ".venv" / whole).touch()


@pytest.mark.parametrize(
    "target", ["check", "heal", "policy", "compare", "status", "ring", "drift", "comment", "kubeconfig"]
)
def test_after_make_program_no_command_of_a_deploy_installs_more(checkout: Path, target: str) -> None:
    assert "bootstrap.py .venv program" in _would_run(checkout, "program")
    _installed(checkout, ".program")
    assert "bootstrap" not in _would_run(checkout, target, STACK="prod")
    assert "bootstrap" not in _would_run(checkout, "program")


def test_who_develops_has_everything_and_gets_it_from_make_program_too(checkout: Path) -> None:
    assert _would_run(checkout, "check").splitlines()[0].endswith("bootstrap.py .venv")
    _installed(checkout, ".program")
    assert _would_run(checkout, "lint").splitlines()[0].endswith("bootstrap.py .venv")
    (checkout / ".venv" / ".program").unlink()
    _installed(checkout, ".ready")
    assert "bootstrap" not in _would_run(checkout, "program", "check", "lint")


def test_an_environment_is_of_one_lock_and_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was killed in between, it never says that it is whole and is not."""
    installed: list[str] = []
    monkeypatch.setattr(bootstrap, "run", lambda arguments, _log, _started: installed.append(Path(arguments[-1]).name))
    for whole, lock in (
        (".program", "requirements.txt"),
        (".ready", "requirements-dev.txt"),
        (".ready", "requirements-dev.txt"),
    ):
        bootstrap.main(tmp_path, whole)
        assert installed[-1] == lock
        assert [file.name for file in tmp_path.glob(".*")] == [whole]

    def fail(arguments: list[str], _log: Path, _started: float) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bootstrap, "run", fail)
    with pytest.raises(SystemExit):
        bootstrap.main(tmp_path, ".ready")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / ".ready").touch()
    with pytest.raises(SystemExit):
        bootstrap.main(tmp_path, ".ready")
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("target", ["check", "heal", "compare", "status", "policy"])
@pytest.mark.parametrize(
    "stack", ["$(shell touch ran)", "x; touch ran", "`touch ran`", "$$(touch ran)", "' ; touch ran '"]
)
def test_a_stacks_name_is_never_part_of_a_command(checkout: Path, target: str, stack: str) -> None:
    """It may be what a pull request calls a file."""
    _installed(checkout, ".program")
    (checkout / "policy" / ".venv").mkdir()
    (checkout / "policy" / ".venv" / ".ready").touch()
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "STACK": stack}
    subprocess.run(["make", "--silent", target], cwd=checkout, env=environment, check=True)
    assert not (checkout / "ran").exists()
    assert (checkout / "told").read_text().endswith(f"|{stack}|")


def test_every_secret_and_variable_of_the_settings_stands_in_one_table_once() -> None:
    workflows = "".join(file.read_text() for file in (ROOT / ".github").rglob("*.yml"))
    read = set(re.findall(r"\b(?:secrets|vars)\.([A-Z_]+)", workflows))
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    rows = [
        row for page in pages for row in re.findall(r"^\| `([A-Z_]+)` \| (secret|variable) \|", page.read_text(), re.M)
    ]
    assert sorted(name for name, _kind in rows) == sorted(read)
    assert {name for name, kind in rows if kind == "secret"} == set(re.findall(r"\bsecrets\.([A-Z_]+)", workflows))
