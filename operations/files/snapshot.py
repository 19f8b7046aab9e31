"""What a folder holds of one stack's files, and a digest of every other file in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from settings.facts import stack_file_of
from settings.shards import Part, shards_of

# In the project's own folder, made by tools. Below it a folder may be called so, as one of a chart's templates.
_NOT_OURS = frozenset({".git", ".venv", ".rehearsal", ".local", "node_modules"})
# Python's own, wherever it ran.
_MADE = ".pyc"
LINK_MARK = b"\0link to "
"""What the content of a link begins with, which no YAML does; where it leads follows."""
_STACK_FILE = re.compile(r"config/Pulumi\.([^/]+)\.yaml")


@dataclass(frozen=True)
class Snapshot:
    """`config`: content of the stack's own file, of all below its tenants' folder, and of its shards' links; `others`:
    digest of each file that is no stack's. Paths are relative to the project."""

    config: Mapping[str, bytes] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)


def snapshot_of(folder: Path, stack: str) -> Snapshot:
    """Read the folder; nothing in it is run, and a link is read as where it leads."""
    config, others = {}, {}
    files = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    stacks = {found[1] for found in map(_STACK_FILE.fullmatch, files) if found}
    links = {stack_file_of(Part(stack, shard).stack) for shard in shards_of(folder, stack)}
    for name, path in files.items():
        content = LINK_MARK + str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        if is_of_stack(name, stack) or name in links:
            config[name] = content
        elif not any(is_of_stack(name, each) for each in stacks):
            others[name] = sha256(content).hexdigest()
    return Snapshot(config, others)


def is_of_stack(path: str, stack: str) -> bool:
    """Whether the file is this stack's configuration."""
    return path == f"config/Pulumi.{stack}.yaml" or path.startswith(f"config/tenants/{stack}/")


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        is_top = Path(parent) == folder
        folders[:] = sorted(name for name in folders if not (is_top and name in _NOT_OURS))
        ours = (name for name in sorted(names) if not (is_top and name in _NOT_OURS) and not name.endswith(_MADE))
        yield from (Path(parent) / name for name in ours)
