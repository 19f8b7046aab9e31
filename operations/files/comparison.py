"""The files of a stack, compared by this program itself: with main after a merge, or as they lie here.

What anybody else says of them is not asked. No file of a branch is checked out, and nothing in it is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from operations.errors import OperationError
from operations.files.base import base_of
from operations.files.changes import NO_CHANGES, Changes, changes_between
from operations.files.compare import FileChange, KeyChange, Kind
from operations.files.git import contents_of, git, output_of, sizes_of
from operations.files.merge import LINK, PLAIN_FILE, Entry, entries_in
from operations.files.snapshot import LINK_MARK, Snapshot, is_of_stack

_OF_A_STACK = re.compile(r"config/(?:Pulumi\.[^/]+\.yaml|tenants/[^/]+/.+)")
# More is not read key by key, of one file and of all together.
_LARGEST, _LARGEST_TOGETHER = 1_000_000, 8_000_000
_ABSENT = "000000"


@dataclass(frozen=True)
class Comparison:
    """`base` says in words with what the files were compared; `unknown` why they could not be, if so."""

    base: str
    changes: Changes = NO_CHANGES
    unknown: str = ""


def comparison_of(root: Path, stack: str, entries: Iterable[Entry], base: str) -> Comparison:
    """What `entries` are for `stack`; `root` has the objects, and main is checked out there. Raises OperationError."""
    chosen = [entry for entry in entries if _concerns(entry, stack)]
    ours = [entry for entry in chosen if _is_own(entry, stack)]
    large = set(_large(root, ours))
    read = [entry for entry in ours if entry not in large]
    found = contents_of(root, [name for entry in read for name in entry.objects])
    before = {entry.path: _content(entry.old_mode, found.get(entry.old)) for entry in read}
    after = {entry.path: _content(entry.new_mode, found.get(entry.new)) for entry in read}
    others = [entry for entry in chosen if entry not in ours]
    changes = _changes(_whole(root, stack, "HEAD", ours), before, after, others)
    files = sorted((*changes.files, *map(_too_large, large)), key=lambda file: file.path)
    return Comparison(base, replace(changes, files=tuple(files)))


def comparison_here(root: Path, stack: str, wanted: str) -> Comparison:
    """The files that lie in `root`, committed or not, compared with where the branch left `wanted`, or main.

    Never raises OperationError: what is not known is said.
    """
    name = wanted or "main"
    try:
        commit = base_of(root, wanted)
        chosen = [entry for entry in _entries_here(root, commit) if _concerns(entry, stack)]
        ours = [entry for entry in chosen if _is_own(entry, stack)]
        found = contents_of(root, [entry.old for entry in ours if entry.old_mode != _ABSENT])
        before = {entry.path: _content(entry.old_mode, found.get(entry.old)) for entry in ours}
        after = {entry.path: _in_folder(root / entry.path) for entry in ours}
        others = [entry for entry in chosen if entry not in ours]
        changes = _changes(_whole(root, stack, commit, ours), before, after, others)
    except (OperationError, OSError) as error:
        return Comparison(name, unknown=str(error))
    return Comparison(f"{name} at {commit[:8]}", changes)


def _changes(
    kept: Mapping[str, bytes],
    before: Mapping[str, bytes | None],
    after: Mapping[str, bytes | None],
    others: Sequence[Entry],
) -> Changes:
    sides = [{**kept, **{path: content for path, content in side.items() if content is not None}}
             for side in (before, after)]  # fmt: skip
    then = {entry.path: f"then {entry.old_mode} {entry.old}" for entry in others if entry.old_mode != _ABSENT}
    now = {entry.path: f"now {entry.new_mode} {entry.new}" for entry in others if not entry.is_gone}
    return changes_between(Snapshot(sides[0], then), Snapshot(sides[1], now))


def _whole(root: Path, stack: str, commit: str, differing: Iterable[Entry]) -> Mapping[str, bytes]:
    """The stack's own file as the commit has it, if it is among none that differ: it names the domain of every host."""
    name = f"config/Pulumi.{stack}.yaml"
    if any(entry.path == name for entry in differing):
        return {}
    there = git(root, "cat-file", "blob", f"{commit}:{name}")
    return {} if there.returncode else {name: there.stdout}


def _concerns(entry: Entry, stack: str) -> bool:
    return _is_own(entry, stack) or not _OF_A_STACK.fullmatch(entry.path)


def _is_own(entry: Entry, stack: str) -> bool:
    """Whether it is the stack's configuration; a link that is called after its file makes a shard of it, or did."""
    is_shards = entry.path.startswith(f"config/Pulumi.{stack}-") and LINK in (entry.old_mode, entry.new_mode)
    return is_shards or is_of_stack(entry.path, stack)


def _large(root: Path, entries: Sequence[Entry]) -> Iterator[Entry]:
    """Those that are not read: too large, too many, or what is no file."""
    sizes = sizes_of(root, [name for entry in entries for name in entry.objects])
    together = 0
    for entry in entries:
        there = [sizes.get(name, _LARGEST + 1) for name in entry.objects]
        together += sum(there)
        if max(there, default=0) > _LARGEST or together > _LARGEST_TOGETHER:
            together -= sum(there)
            yield entry


def _content(mode: str, content: bytes | None) -> bytes | None:
    """A link is no YAML, whatever it leads to."""
    return LINK_MARK + content if mode == LINK and content is not None else content


def _too_large(entry: Entry) -> FileChange:
    kind: Kind = "removed" if entry.is_gone else "added" if entry.old_mode == _ABSENT else "changed"
    return FileChange(
        entry.path, kind, (KeyChange("", note="is too large, or no file, so it is not compared key by key"),)
    )


def _entries_here(root: Path, commit: str) -> list[Entry]:
    """Every path in which the folder differs from the commit; also what git does not track yet and does not ignore."""
    command = ("diff", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff", "--ignore-submodules")
    differing = list(entries_in(output_of(git(root, *command, commit, "--"), "git diff")))
    listed = output_of(git(root, "ls-files", "-z", "--others", "--exclude-standard"), "git ls-files")
    known = {entry.path for entry in differing}
    names = [name for name in listed.decode("utf-8", "surrogateescape").split("\0") if name and name not in known]
    return [*differing, *(Entry(name, _ABSENT, _mode(root / name), "", "") for name in names)]


def _mode(path: Path) -> str:
    return LINK if path.is_symlink() else PLAIN_FILE


def _in_folder(path: Path) -> bytes | None:
    if path.is_symlink():
        return LINK_MARK + str(path.readlink()).encode()
    return path.read_bytes() if path.is_file() else None
