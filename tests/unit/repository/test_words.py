"""Names are nouns and verbs of the field: a participle says what happened to a thing, not what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_FOLDERS = ("components", "operations", "policy", "rendering")
_BANNED = frozenset({"told", "asked", "held", "shown", "kept", "made", "seen", "left", "returned", "said", "gone"})
# `left` is a property that states have.
_ALLOWED = {"components/clearml/sign_in/removals.py: left"}


def _names(tree: ast.AST) -> Iterator[str]:
    """Functions, classes, attributes that are set, and annotated names; a plain local variable is nobody else's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_no_name_is_a_participle() -> None:
    found = set()
    for file in (each for folder in _FOLDERS for each in (ROOT / folder).rglob("*.py") if ".venv" not in each.parts):
        for name in (file.stem, *_names(ast.parse(file.read_text()))):
            if name.strip("_") in _BANNED:
                found.add(f"{file.relative_to(ROOT)}: {name}")
    assert found == _ALLOWED
