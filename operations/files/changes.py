"""What differs between two commits, as far as it concerns one stack: its configuration key by key, the rest by name.

Pure. An empty result is the only thing from which a plan may conclude that nothing in the files changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import normpath

from operations.files.compare import FileChange, file_change, value_at
from operations.files.snapshot import LINK_MARK, Snapshot
from settings.types.naming import PROJECT

_BASE_DOMAIN = f"config.{PROJECT}:stack.baseDomain"
_NAMED = (
    f"config.{PROJECT}:apiCaFile",
    *(f"config.{PROJECT}:stack.charts.{chart}.chart" for chart in ("server", "agent", "gateway")),
)
# Read by people, or by tests alone.
_NOT_RUN = ("docs/", "tests/")
_MOST_NAMED = 20
# Two files that have so much in common are one that was renamed.
_ALIKE = 0.6
# Of files that are gone with files that are new: whoever opens a pull request decides how many there are.
_MOST_PAIRS = 2_500


@dataclass(frozen=True)
class Changes:
    """`files`: the stack's own; `program`: names of the others that may change what runs, `others`: how many may not;
    `base_domain`: the stack's, as its file said before, empty where it cannot be read."""

    files: tuple[FileChange, ...] = ()
    program: tuple[str, ...] = ()
    others: int = 0
    base_domain: str = ""

    def lines(self) -> Iterator[str]:
        """What is said of files outside of the configuration."""
        if self.program:
            named = ", ".join(f"`{name}`" for name in self.program[:_MOST_NAMED])
            more = len(self.program) - _MOST_NAMED
            rest = f" and {more} more" if more > 0 else ""
            yield f"the program itself changed, in {_counted(len(self.program))} beside the stacks' own: {named}{rest}"
        if self.others:
            yield f"{_counted(self.others)} of documentation or tests changed, which nothing that is deployed reads"


NO_CHANGES = Changes()
"""Of two commits that are the same."""


def changes_between(before: Snapshot, after: Snapshot) -> Changes:
    """Every difference of the two."""
    differing = sorted(name for name in before.others.keys() | after.others.keys()
                       if before.others.get(name) != after.others.get(name))  # fmt: skip
    places = frozenset(_places(before, after))
    program = tuple(name for name in differing if not is_only_read(name) or _is_below(name, places))
    files = tuple(_files(before.config, after.config))
    return Changes(files, program, len(differing) - len(program), _base_domain(before, after))


def _places(*snapshots: Snapshot) -> Iterator[str]:
    """The files and folders that the stack's file names, relative to the project: one in docs/ is deployed as well."""
    for snapshot in snapshots:
        for path, content in snapshot.config.items():
            if path.startswith("config/Pulumi."):
                named = (value_at(content, key).strip("'\"") for key in _NAMED)
                yield from (normpath(place) for place in named if place and "://" not in place)


def _is_below(name: str, places: Collection[str]) -> bool:
    return any(name == place or name.startswith(f"{place}/") for place in places)


def _base_domain(*snapshots: Snapshot) -> str:
    """As it was: who changes it and the address of the API at once makes both no more trustworthy."""
    for snapshot in snapshots:
        for path, content in snapshot.config.items():
            if path.startswith("config/Pulumi.") and not content.startswith(LINK_MARK):
                return value_at(content, _BASE_DOMAIN)
    return ""


def _files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[FileChange]:
    called = dict(_renamed(before, after))
    for path in sorted(before.keys() | after.keys()):
        was = called.get(path, "")
        if path in called.values():
            continue
        found = file_change(path, before.get(was or path), after.get(path), was)
        if found:
            yield found


def _renamed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """New name and former name of each file that is called otherwise now.

    Of files that were moved as they are there may be any number; of edited ones only so many are compared.
    """
    gone, new = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    moved = _moved(before, after, gone, new)
    yield from moved.items()
    formers = set(moved.values())
    gone, new = [name for name in gone if name not in formers], [name for name in new if name not in moved]
    if len(gone) * len(new) > _MOST_PAIRS:
        return
    lines = {name: _lines(before[name]) for name in gone}
    for path in new:
        own = _lines(after[path])
        best = max(gone, key=lambda name: _likeness(lines[name], own), default=None)
        if best and _likeness(lines[best], own) >= _ALIKE:
            gone.remove(best)
            yield path, best


def _moved(
    before: Mapping[str, bytes], after: Mapping[str, bytes], gone: Sequence[str], new: Sequence[str]
) -> dict[str, str]:
    """New name to former name of files with the same content."""
    names: dict[bytes, list[str]] = {}
    for name in reversed(gone):
        names.setdefault(before[name], []).append(name)
    return {path: names[after[path]].pop() for path in new if names.get(after[path])}


def _lines(content: bytes) -> frozenset[bytes]:
    return frozenset(content.split(b"\n")) - {b""}


def _likeness(lines: frozenset[bytes], others: frozenset[bytes]) -> float:
    """How much of the lines is in both, from 0 to 1."""
    return 2 * len(lines & others) / (len(lines) + len(others)) if lines or others else 1


def is_only_read(name: str) -> bool:
    """Whether nothing that is deployed or run with secrets reads the file: documentation and tests."""
    return name.startswith(_NOT_RUN) or ("/" not in name and name.endswith(".md")) or name == "LICENSE"


def _counted(number: int) -> str:
    return f"{number} file" + ("s" if number != 1 else "")
