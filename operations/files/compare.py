"""Two texts of one file, compared: what a reviewer reads of it. Pure.

Whatever is not surely the same is said to differ: nothing in here may call a change that means something none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from operations.files.leaves import Leaf, UnreadableError, leaves_of
from operations.files.snapshot import LINK_MARK

_LONGEST = 160
# So much of what both texts begin with is shown before the first difference.
_LEAD = 20
# Of two lists that are compared item by item: whoever writes a file decides how long they are.
_MOST_PAIRS = 40_000
_Item = tuple[str, str]
Kind = Literal["added", "removed", "renamed", "changed"]


@dataclass(frozen=True)
class KeyChange:
    """One key; `before` and `after` as shown, None where it is not there. `note` is used instead if there is one."""

    key: str
    before: str | None = None
    after: str | None = None
    note: str = ""


@dataclass(frozen=True)
class FileChange:
    """`path` is relative to the project, `was` the former name of a renamed file. Without `keys` nothing that has a
    meaning differs: a comment, a space, quotes."""

    path: str
    kind: Kind
    keys: tuple[KeyChange, ...] = ()
    was: str = ""

    @property
    def is_meaningful(self) -> bool:
        return bool(self.keys) or self.kind != "changed"


def file_change(path: str, before: bytes | None, after: bytes | None, was: str = "") -> FileChange | None:
    """What differs in one file, None if not a byte does."""
    if before == after and not was:
        return None
    kind: Kind = "renamed" if was else "added" if before is None else "removed" if after is None else "changed"
    return FileChange(path, kind, tuple(_keys(before, after)), was)


def value_at(content: bytes, key: str) -> str:
    """The value at the key, as shown; empty if there is none, or the file cannot be read."""
    try:
        return next((leaf.display for leaf in _read(content) if leaf.key == key), "")
    except UnreadableError:
        return ""


def _keys(before: bytes | None, after: bytes | None) -> Iterator[KeyChange]:
    try:
        old, new = _read(before), _read(after)
    except UnreadableError as error:
        if before != after:
            yield KeyChange("", note=f"{error}, so it is not compared key by key")
        return
    if [(leaf.location, leaf.compared) for leaf in old] == [(leaf.location, leaf.compared) for leaf in new]:
        return
    found = list(_changes(_by_location(old), _by_location(new)))
    yield from found or [KeyChange("", note="the keys stand in another order, or one is written twice")]


def _read(content: bytes | None) -> list[Leaf]:
    if content is None:
        return []
    if content.startswith(LINK_MARK):
        where = content.removeprefix(LINK_MARK).decode("utf-8", "replace")
        raise UnreadableError(f"is a symbolic link to {_cut(where)!r}")
    try:
        return leaves_of(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableError("is not UTF-8") from None


def _by_location(leaves: Sequence[Leaf]) -> dict[tuple[str, ...], Leaf]:
    return {leaf.location: leaf for leaf in leaves}


def _changes(old: Mapping[tuple[str, ...], Leaf], new: Mapping[tuple[str, ...], Leaf]) -> Iterator[KeyChange]:
    for location in dict.fromkeys([*old, *new]):
        before, after = old.get(location), new.get(location)
        if before is None or after is None or before.compared != after.compared:
            yield from _change(before, after)


def _change(before: Leaf | None, after: Leaf | None) -> Iterator[KeyChange]:
    key = (after or before or Leaf((), "", (), "")).key
    if before and after and before.hidden == after.hidden == "encrypted":
        yield KeyChange(key, note="encrypted anew; the value may be another (not shown)")
    elif (
        before and after and not before.hidden and not after.hidden and before.compared[0] == after.compared[0] == "[]"
    ):
        yield from _list_changes(key, before, after)
    else:
        old, new = _of(before), _of(after)
        start = _first_difference(old, new) if old and new else 0
        yield KeyChange(key, old and _cut(old, start), new and _cut(new, start), _nothing_seen(before, after))


def _of(leaf: Leaf | None) -> str | None:
    if leaf is None:
        return None
    return f"({leaf.hidden})" if leaf.hidden else leaf.display


def _nothing_seen(before: Leaf | None, after: Leaf | None) -> str:
    hidden = before and after and before.hidden and before.hidden == after.hidden
    return "is another value (not shown: it looks like a secret)" if hidden else ""


def _first_difference(old: str, new: str) -> int:
    return next((index for index, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]),
                min(len(old), len(new)))  # fmt: skip


def _cut(text: str, start: int = 0) -> str:
    """The text, or so much of it, from just before `start` on, as a reader takes in."""
    if len(text) <= _LONGEST:
        return text
    begin = max(0, min(start, len(text)) - _LEAD) if start > _LONGEST - _LEAD else 0
    piece = text[begin : begin + _LONGEST]
    return f"{'…' * bool(begin)}{piece}{'…' * (begin + _LONGEST < len(text))} ({len(text)} characters)"


def _list_changes(key: str, before: Leaf, after: Leaf) -> Iterator[KeyChange]:
    """Item by item: one that is added in front moves the others, and changes none."""
    old, new = _without_common_ends(_items(before), _items(after))
    if len(old) * len(new) > _MOST_PAIRS:
        yield from _counted_changes(key, old, new)
        return
    for tag, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from (KeyChange(f"{key}[]", before=_cut(item[1])) for item in old[low:high])
            yield from (KeyChange(f"{key}[]", after=_cut(item[1])) for item in new[start:end])


def _without_common_ends(old: list[_Item], new: list[_Item]) -> tuple[list[_Item], list[_Item]]:
    shorter = min(len(old), len(new))
    start = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - start
    end = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    return old[start : len(old) - end], new[start : len(new) - end]


def _counted_changes(key: str, old: list[_Item], new: list[_Item]) -> Iterator[KeyChange]:
    """Of lists that are too long to be laid beside each other: which items there are more or less often."""
    was, is_ = Counter(old), Counter(new)
    less, more = was - is_, is_ - was
    yield from (KeyChange(f"{key}[]", before=_cut(item[1])) for item in less.elements())
    yield from (KeyChange(f"{key}[]", after=_cut(item[1])) for item in more.elements())
    if not less and not more:
        yield KeyChange(f"{key}[]", note="the items stand in another order")


def _items(leaf: Leaf) -> list[_Item]:
    """Type and text of each."""
    return list(zip(leaf.compared[1::2], leaf.compared[2::2], strict=True))
