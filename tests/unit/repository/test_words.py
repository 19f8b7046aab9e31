"""Names are nouns and verbs of the field: a participle says what happened to a thing, not what it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_FOLDERS = ("components", "operations", "policy", "rendering")
_EVERY_FOLDER = (*_FOLDERS, "local", "rehearsal", "settings")
_BANNED = frozenset({"told", "asked", "held", "shown", "kept", "made", "seen", "left", "returned", "said", "gone"})
# `left` is a property that states have.
_ALLOWED = {"components/clearml/sign_in/removals.py: left"}
_PARTICIPLE = re.compile(r"(?:[a-z]ed|made|seen|taken|held|kept|given|gone|written|wanted)\Z", re.IGNORECASE)
# Words of the field: a level of Pod Security, what a change of files touches, and what a switch or a quote leaves out.
_OF_THE_FIELD = {"restricted", "affected", "unused", "unquoted"}
# An error is called after what happened, as everywhere in the field.
_ERRORS = ("Error", "Exception", "FailedCall")


def _names(tree: ast.AST) -> Iterator[str]:
    """Functions, classes, attributes that are set, and annotated names; a plain local variable is nobody else's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _files(folders: Iterable[str]) -> Iterator[Path]:
    return (each for folder in folders for each in (ROOT / folder).rglob("*.py") if ".venv" not in each.parts)


def _is_error(found: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith(_ERRORS) for base in found.bases)


def test_no_name_is_a_participle() -> None:
    found = set()
    for file in _files(_FOLDERS):
        for name in (file.stem, *_names(ast.parse(file.read_text()))):
            if name.strip("_") in _BANNED:
                found.add(f"{file.relative_to(ROOT)}: {name}")
    assert found == _ALLOWED


def test_no_module_and_no_class_is_called_by_a_participle() -> None:
    found = set()
    for file in _files(_EVERY_FOLDER):
        nodes = ast.walk(ast.parse(file.read_text()))
        classes = [each.name for each in nodes if isinstance(each, ast.ClassDef) and not _is_error(each)]
        for name in (file.stem, *classes):
            if _PARTICIPLE.search(name) and name not in _OF_THE_FIELD:
                found.add(f"{file.relative_to(ROOT)}: {name}")
    assert found == set()
