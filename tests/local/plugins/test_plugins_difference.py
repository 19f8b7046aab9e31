"""What the stand-in plugins tell the engine has changed."""

from __future__ import annotations

from typing import Any

import pytest

from local.plugins.difference import compare, path_text
from local.plugins.properties import UNKNOWN, Secret


def _told(olds: Any, news: Any) -> dict[str, str]:
    return {path_text(entry.path): entry.change for entry in compare(olds, news)}


def test_equal_is_no_change() -> None:
    inputs = {"a": {"b": [1, {"c": None}]}, "s": Secret("x")}
    assert _told(inputs, {"a": {"b": [1.0, {"c": None}]}, "s": "x"}) == {}


def test_every_kind_of_change_has_its_place() -> None:
    state = {"keep": 1, "gone": 1, "list": [1, 2, 3], "deep": {"x.y": 1, "flag": True}}
    news = {"keep": 1, "list": [1, 9], "deep": {"x.y": 2, "flag": 1}, "new": [1]}
    assert _told(state, news) == {
        "gone": "delete",
        "list[1]": "update",
        "list[2]": "delete",
        'deep["x.y"]': "update",
        "deep.flag": "update",
        "new": "add",
    }


def test_an_unset_input_is_deleted() -> None:
    assert _told({"values": {"a": 1, "b": 2}}, {"values": {"a": 1}}) == {"values.b": "delete"}


def test_a_null_asked_for_and_absent_is_no_change() -> None:
    assert _told({"values": {}}, {"values": {"a": None}}) == {}
    assert _told({"values": {"a": 1}}, {"values": {"a": None}}) == {"values.a": "delete"}


@pytest.mark.parametrize("state", [{}, {"a": 1}])
def test_unknown_always_counts(state: dict[str, Any]) -> None:
    assert list(_told(state, {"a": UNKNOWN})) == ["a"]


def test_a_changed_secret_is_a_change_and_an_equal_one_is_none() -> None:
    assert _told({"a": Secret("x")}, {"a": Secret("y")}) == {"a": "update"}
    assert _told({"a": Secret("x")}, {"a": "x"}) == {}
