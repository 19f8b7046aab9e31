"""What a run of a stack may read of the project: each file with its digest. Whatever is not surely unread is in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from settings.shards import Part, part_of, stacks

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
# About the program, and no part of it: nothing that deploys imports or reads it.
_ABOUT = frozenset(
    {
        ".ci",
        ".github",
        ".gitignore",
        ".idea",
        ".vscode",
        "docs",
        "LICENSE",
        "local/emulator",
        "rehearsal",
        "requirements-dev.in",
        "requirements-dev.txt",
        "tests",
    }
)
# What a virtual environment has beside `pyvenv.cfg`, by whichever tool; a folder with anything else is read.
_ENVIRONMENT = frozenset({"bin", "etc", "include", "lib", "lib64", "share", "CACHEDIR.TAG", "Lib", "Scripts"})
_TENANTS = "config/tenants/"
_STACKS_FILE = re.compile(r"config/Pulumi\.([^/]+)\.yaml")


def project_digests(root: Path) -> Mapping[str, str]:
    """Each file's digest by its path in the project: the program, all that lies beside it, and the files of all stacks.

    A link counts as what it leads to, so that a file outside of the project counts, too.
    """
    return dict(_below(root, "", frozenset(), is_project=True))


def files_of(root: Path, stack: str, digests: Mapping[str, str]) -> Mapping[str, str]:
    """Those of the project's files that a run of the stack may read: of the stacks' own files only its.

    A platform's are those of all tenants of its shards too, whose sign-in rules it knows; a shard's are its own.
    """
    part = part_of(root, stack)
    parts = [part] if part.shard else [part_of(root, each) for each in stacks(root)]
    names = {each.stack for each in parts if each.environment == part.environment} | {part.environment}
    own = _Own(part, frozenset(names))
    return {path: digest for path, digest in digests.items() if own.has(path)}


def folder_files(folder: Path) -> Mapping[str, str]:
    """Each file's digest by its path in the folder, whatever it is called."""
    return dict(_below(folder, "", frozenset(), is_project=False))


@dataclass(frozen=True)
class _Own:
    """What is a stack's own below `config/`: `files` are the names in stacks' files."""

    part: Part
    files: frozenset[str]

    def has(self, path: str) -> bool:
        """False for a file of other stacks."""
        file = _STACKS_FILE.fullmatch(path)
        if file:
            return file[1] in self.files
        environment, *below = path.removeprefix(_TENANTS).split("/")
        if not path.startswith(_TENANTS) or not below:
            # A file beside the environments' folders is told by the check of stray files alone.
            return True
        return environment == self.part.environment and (not self.part.shard or below[0] == self.part.shard)


def _below(folder: Path, prefix: str, above: frozenset[Path], *, is_project: bool) -> Iterator[tuple[str, str]]:
    real = folder.resolve()
    if real in above:
        yield prefix, f"a circle to {real}"
        return
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            path = f"{prefix}{entry.name}"
            if is_project and _is_unread(entry, path):
                continue
            if entry.is_dir():
                yield from _below(Path(entry.path), f"{path}/", above | {real}, is_project=is_project)
            else:
                yield path, _digest(entry)


def _is_unread(entry: os.DirEntry[str], path: str) -> bool:
    if entry.name in _MADE or path in _ABOUT or ("/" not in path and path.endswith(".md")):
        return True
    return entry.is_dir() and _is_environment(Path(entry.path))


def _is_environment(folder: Path) -> bool:
    """Whether it is a virtual environment, which is not the project's, and nothing else."""
    if not (folder / "pyvenv.cfg").exists():
        return False
    names = {each.name for each in folder.iterdir()} - {"pyvenv.cfg"}
    return all(name in _ENVIRONMENT or name.startswith(".") for name in names)


def _digest(entry: os.DirEntry[str]) -> str:
    """What is neither a file nor a folder, as a broken link, is not read by anybody."""
    if entry.is_file():
        return sha256(Path(entry.path).read_bytes()).hexdigest()
    return "no file"
