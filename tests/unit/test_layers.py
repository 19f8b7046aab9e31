"""Imports point one way: program → components → components/clearml and config; nothing looks up or back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("components", "config", "local", "operations", "policy", "tests")

# Which of our own packages a file in a folder may import; the longest folder that matches counts.
ALLOWED = {
    "config": ("config",),
    "components/clearml": ("components.clearml",),
    "components/values": ("components.values", "config"),
    "components/charts": ("components.charts", "config"),
    "components": ("components", "config"),
    "operations": ("operations", "config", "components.clashes", "components.clearml"),
    # Words and judgements without settings: a policy must not depend on what it judges.
    "policy": ("policy", "config.secret_looks", "config.versions", "config.vocabulary"),
    "__main__.py": ("components", "config"),
}


def upward(file: str, text: str) -> list[str]:
    """What the file imports of ours and may not; a relative import is resolved."""
    folder = max((each for each in ALLOWED if file.startswith(each)), key=len)
    imported = [name for name in _imports(file, text) if name.split(".")[0] in OURS]
    return [name for name in imported if not any(f"{name}.".startswith(f"{each}.") for each in ALLOWED[folder])]


def _imports(file: str, text: str) -> Iterator[str]:
    package = file.split("/")[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _files() -> list[str]:
    folders = ("config", "components", "operations", "policy")
    found = [*(path for folder in folders for path in (ROOT / folder).rglob("*.py")), ROOT / "__main__.py"]
    # The pack's own environment lies in its folder.
    return sorted(path.relative_to(ROOT).as_posix() for path in found if ".venv" not in path.parts)


@pytest.mark.parametrize("file", _files())
def test_no_file_imports_upward(file: str) -> None:
    assert upward(file, (ROOT / file).read_text()) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("config/x.py", "from components.values import hocon"),
        ("config/x.py", "import local.checkout"),
        ("components/x.py", "from local import pod"),
        ("components/clearml/x.py", "from config.tenant import Tenant"),
        ("components/clearml/x.py", "from components import release"),
        ("components/clearml/x.py", "from .. import release"),
        ("components/values/x.py", "def f():\n    from components.clearml import client"),
        ("operations/x.py", "from components import release"),
        ("operations/x.py", "from local.engine import Engine"),
        ("operations/x.py", "from policy.domains import shared_domains"),
        ("components/x.py", "import policy"),
        ("policy/x.py", "from components.release import release"),
        ("policy/x.py", "from config.load import load"),
        ("__main__.py", "import operations.comment"),
        ("__main__.py", "from policy import charts"),
        ("__main__.py", "import tests.unit"),
    ],
)
def test_an_upward_import_is_found_wherever_it_stands(file: str, text: str) -> None:
    assert upward(file, text) != []


def test_what_every_provider_process_runs_first_is_empty() -> None:
    for package in ("components", "components/clearml"):
        assert (ROOT / package / "__init__.py").read_text() == ""


def test_the_program_only_wires() -> None:
    assert len((ROOT / "__main__.py").read_text().splitlines()) < 60
