"""Whoever writes a file decides how much there is to compare: how often two things are compared has a bound."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

import pytest

from operations.files import changes, compare
from operations.files.changes import changes_between
from operations.files.compare import KeyChange, file_change
from operations.files.snapshot import Snapshot


@pytest.fixture
def pairs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pairs each comparison of two lists had to look at."""
    counted: list[int] = []
    real = SequenceMatcher

    def counting(junk: Any, old: list[Any], new: list[Any], **more: Any) -> Any:
        counted.append(len(old) * len(new))
        return real(junk, old, new, **more)

    monkeypatch.setattr(compare, "SequenceMatcher", counting)
    return counted


def _list(*items: str) -> bytes:
    return f"a: [{', '.join(items)}]".encode()


def _keys(before: bytes, after: bytes) -> tuple[KeyChange, ...]:
    found = file_change("x.yaml", before, after)
    return found.keys if found else ()


def test_thousands_of_equal_items_are_not_laid_beside_each_other(pairs: list[int]) -> None:
    same = ["x"] * 2_000
    assert _keys(_list("a", *same, "b"), _list("c", *same, "d")) == (
        KeyChange("a[]", before="a"),
        KeyChange("a[]", before="b"),
        KeyChange("a[]", after="c"),
        KeyChange("a[]", after="d"),
    )
    assert _keys(_list(*same), _list("y", *same)) == (KeyChange("a[]", after="y"),)
    assert _keys(_list(*same), _list(*same, "x")) == (KeyChange("a[]", after="x"),)
    assert sum(pairs) <= 40_000


def test_another_order_of_a_long_list_is_told(pairs: list[int]) -> None:
    items = [f"i{number}" for number in range(500)]
    assert _keys(_list(*items), _list(*reversed(items))) == (KeyChange("a[]", note="the items stand in another order"),)
    assert pairs == []


def test_thousands_of_moved_files_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    real = changes._likeness

    def counting(lines: frozenset[bytes], others: frozenset[bytes]) -> float:
        counted.append(1)
        return real(lines, others)

    monkeypatch.setattr(changes, "_likeness", counting)
    old = {f"config/tenants/prod/a{number}.yaml": f"company: C{number}\n".encode() for number in range(1_000)}
    moved = {path.replace("/a", "/b"): content for path, content in old.items()}
    found = changes_between(Snapshot(old), Snapshot(moved)).files
    assert {(file.was.replace("/a", "/b"), file.kind) for file in found} == {(path, "renamed") for path in moved}
    edited = {path: content + b"# edited\n" for path, content in moved.items()}
    assert {file.kind for file in changes_between(Snapshot(old), Snapshot(edited)).files} == {"added", "removed"}
    assert counted == []
    few = dict(list(edited.items())[:40])
    assert len(changes_between(Snapshot(dict(list(old.items())[:40])), Snapshot(few)).files) >= 40
    assert len(counted) <= 2 * 40 * 40
