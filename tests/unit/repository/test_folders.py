"""A folder is one noun of the field, and small: whoever opens it sees at once what is there."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_MOST = 15


def _python(name: str = "*.py") -> list[Path]:
    files = (path.relative_to(ROOT) for path in ROOT.rglob(name))
    return [file for file in files if not any(part.startswith(".") for part in file.parts)]


def test_no_folder_has_more_than_fifteen_modules() -> None:
    counted = Counter(file.parent.as_posix() for file in _python() if file.name != "__init__.py")
    assert counted["local"]
    assert {folder: number for folder, number in counted.items() if number > _MOST} == {}


def test_each_package_says_what_lives_there() -> None:
    packages = [file for file in _python("__init__.py") if file.parts[0] != "tests"]
    assert packages
    assert [str(file) for file in packages if not ast.get_docstring(ast.parse((ROOT / file).read_text()))] == []
