"""What a branch proposes for main's stacks, taken as data: their files below `config/`, and nothing else of it.

A preview with a stack's secrets runs main's program on these. What would make it run, ask, or trust something else is
refused: then a reviewer reads and merges that first, in a pull request of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from operations.errors import OperationError
from operations.files.changes import is_only_read
from operations.files.compare import FileChange, file_change
from operations.files.git import contents_of, git, output_of
from operations.files.merge import PLAIN_FILE, Entry, merge_entries
from operations.files.trust import trust_lines
from settings.shards import shards_of
from settings.types.naming import PROJECT

_FILE = re.compile(
    r"config/(?:Pulumi\.(?P<stack>[\w.-]+)\.yaml|tenants/(?P<tenants>[\w.-]+)/(?:(?P<shard>[a-z0-9-]+)/)?\w[\w.-]*\.yaml)",
    re.ASCII,
)
Shards = Mapping[str, frozenset[str]]
"""By environment, those that main has."""
_LARGEST = 1_000_000
_MOST_NAMED = 3
_OURS = f"config.{PROJECT}:"
# Whom the program takes for the API.
_AUTHORITY = f"{_OURS}apiCaFile"
_INSTEAD = "have that reviewed and merged first, in a pull request of its own"


def take_proposal(root: Path, commit: str, stacks: Sequence[str]) -> list[str]:
    """Lay what `commit` changes of the files of `stacks` over main's, which are checked out at `root`.

    `stacks` are environments; of their shards' tenants those are taken whose shard main has.
    Returns the paths, and writes nothing if one thing is refused. Without any such file there is nothing to preview,
    whatever else the commit changes. Raises OperationError.
    """
    _require_committed(root)
    known = {each: frozenset(shards_of(root, each)) for each in stacks}
    entries = merge_entries(root, commit)
    taken = [entry for entry in entries if _is_of(entry.path, known)]
    _require_known_shards(entries, known)
    if not taken:
        return []
    _require_data(entries, known)
    contents = contents_of(root, [name for entry in taken for name in entry.objects])
    for entry in taken:
        _require_small(entry, contents)
        _require_same_trust(entry, contents)
    for entry in taken:
        _write(root, entry, contents)
    return [entry.path for entry in taken]


def _require_committed(root: Path) -> None:
    """Nobody's work is written over."""
    if output_of(git(root, "status", "--porcelain", "--", "config"), "git status"):
        raise OperationError(
            "config/ has changes that are not committed: this is a step of a workflow, on a fresh copy"
        )


def _require_known_shards(entries: Iterable[Entry], known: Shards) -> None:
    """Of a change of a new shard's tenants alone it would say that there is nothing to preview."""
    for entry in entries:
        found = _FILE.fullmatch(entry.path)
        if found and found["shard"] and found["tenants"] in known and not _is_of(entry.path, known):
            raise OperationError(
                f"{entry.path}: is of a shard that main does not have, so nothing of it is previewed with secrets: "
                f"{_INSTEAD}, its link and its tenants"
            )


def _is_of(path: str, known: Shards) -> bool:
    found = _FILE.fullmatch(path)
    if not found or (found["stack"] or found["tenants"]) not in known:
        return False
    return not found["shard"] or found["shard"] in known[found["tenants"]]


def _require_data(entries: Iterable[Entry], known: Shards) -> None:
    paths = [entry.path for entry in entries]
    others = [_display(path) for path in paths if not _is_of(path, known) and not is_only_read(path)]
    if others:
        more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        raise OperationError(
            f"the branch changes {', '.join(others[:_MOST_NAMED])}{more} beside the files of main's stacks and their "
            f"tenants; a preview with a stack's secrets runs main's program alone: {_INSTEAD}"
        )
    for entry in entries:
        if _is_of(entry.path, known) and not entry.is_gone and entry.new_mode != PLAIN_FILE:
            raise OperationError(
                f"{entry.path}: is no plain file (git's mode is {entry.new_mode}); links and programs are not taken, "
                "write a file of mode 100644"
            )


def _require_small(entry: Entry, contents: Mapping[str, bytes]) -> None:
    if not entry.is_gone and len(contents[entry.new]) > _LARGEST:
        raise OperationError(f"{entry.path}: is larger than {_LARGEST:,} bytes; make it shorter")


def _require_same_trust(entry: Entry, contents: Mapping[str, bytes]) -> None:
    """Who sends the stack's secrets elsewhere sends them there with the first preview."""
    if entry.path.startswith("config/tenants/"):
        return
    change = file_change(entry.path, contents.get(entry.old), contents.get(entry.new))
    line = next(_trust_lines(change), "") if change else ""
    if line:
        raise OperationError(f"{line}: not previewed with the stack's secrets; {_INSTEAD}")


def _trust_lines(change: FileChange) -> Iterator[str]:
    """Only who has the stack's key encrypts a secret with it, so another one is as good as the one before."""
    for key in change.keys:
        if not key.key.startswith(_OURS) or key.key == _AUTHORITY:
            yield f"{change.path}: {key.key or key.note} changes, which is more than the program's own settings"
    plain = tuple(key for key in change.keys if not key.note.startswith("encrypted"))
    yield from trust_lines([replace(change, keys=plain)])


def _write(root: Path, entry: Entry, contents: Mapping[str, bytes]) -> None:
    path = root / entry.path
    if not path.parent.resolve().is_relative_to((root / "config").resolve()):
        raise OperationError(f"{entry.path}: its folder leads out of config/; make it a plain folder on main")
    path.unlink(missing_ok=True)
    if not entry.is_gone:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[entry.new])


def _display(path: str) -> str:
    return path if path.isprintable() else ascii(path)
