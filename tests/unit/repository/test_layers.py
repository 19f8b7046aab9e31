"""The program's own file is in no package, so the contracts that `make lint` checks (pyproject.toml) leave it out."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_program_imports_nothing_that_runs_beside_it() -> None:
    tree = ast.walk(ast.parse((ROOT / "__main__.py").read_text()))
    imported = {str(node.module).split(".")[0] for node in tree if isinstance(node, ast.ImportFrom)}
    ours = imported & {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert ours == {"components", "settings"}
