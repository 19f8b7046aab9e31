"""What a run of a stack may read of the project: each file with its digest. Whatever is not surely unread is in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

# Made by tools, at any depth.
_MADE = frozenset(
    {
        ".git",
        ".venv",
        "__pycache__",
        ".rehearsal",
        ".local",
        ".hypothesis",
        ".import_linter_cache",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        "node_modules",
    }
)
# At the top: about the program, and no part of it.
_ABOUT = frozenset({".ci", ".github", ".gitignore", ".idea", ".vscode", "docs", "tests", "LICENSE"})
_STACKS_FILE = re.compile(r"config/Pulumi\.([^/]+)\.yaml")
_STACKS_FOLDER = re.compile(r"config/tenants/([^/]+)")


def project_files(root: Path, stack: str) -> Mapping[str, str]:
    """Each file's digest by its path in the project: the program, all that lies beside it, and of the stacks this one.

    A link counts as what it leads to, so that a file outside of the project counts, too.
    """
    return dict(_below(root, "", stack, frozenset()))


def folder_files(folder: Path) -> Mapping[str, str]:
    """Each file's digest by its path in the folder, whatever it is called."""
    return dict(_below(folder, "", None, frozenset()))


def _below(folder: Path, prefix: str, stack: str | None, above: frozenset[Path]) -> Iterator[tuple[str, str]]:
    real = folder.resolve()
    if real in above:
        yield prefix, f"a circle to {real}"
        return
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            path = f"{prefix}{entry.name}"
            if stack is not None and _is_unread(entry, path, stack):
                continue
            if entry.is_dir():
                yield from _below(Path(entry.path), f"{path}/", stack, above | {real})
            else:
                yield path, _digest(entry)


def _is_unread(entry: os.DirEntry[str], path: str, stack: str) -> bool:
    if entry.name in _MADE or path in _ABOUT or ("/" not in path and path.endswith(".md")):
        return True
    own = (_STACKS_FOLDER if entry.is_dir() else _STACKS_FILE).fullmatch(path)
    # The other is another virtual environment than the project's.
    return own[1] != stack if own else entry.is_dir() and Path(entry.path, "pyvenv.cfg").exists()


def _digest(entry: os.DirEntry[str]) -> str:
    """What is neither a file nor a folder, as a broken link, is not read by anybody."""
    if entry.is_file():
        return sha256(Path(entry.path).read_bytes()).hexdigest()
    return "no file"
