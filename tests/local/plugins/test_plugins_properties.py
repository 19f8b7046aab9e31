"""What the stand-in plugins do to properties: nothing is lost, and no secret comes out."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from local.plugins.properties import (
    SIGNATURE,
    UNKNOWN,
    Secret,
    decode,
    encode,
    has_secret,
    has_unknown,
    marked_like,
    plain,
)

_SECRET_MARK = rpc.wrap_rpc_secret(0)[SIGNATURE]
_LEAVES = st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(max_size=8) | st.just(UNKNOWN)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        | inner.filter(lambda value: not isinstance(value, Secret)).map(Secret)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), _VALUES, max_size=4))
def test_properties_come_back_as_they_went(properties: dict[str, Any]) -> None:
    assert decode(encode(properties)) == properties


def test_the_engines_secret_is_ours() -> None:
    struct = struct_pb2.Struct()
    struct.update({"values": {"deep": {SIGNATURE: _SECRET_MARK, "value": {"key": "hidden"}}, "open": 1.0}})
    assert decode(struct) == {"values": {"deep": Secret({"key": "hidden"}), "open": 1}}


def test_a_secret_is_not_shown_by_accident() -> None:
    assert "hidden" not in repr({"a": [Secret("hidden")]})


def test_outputs_are_secret_where_inputs_are() -> None:
    inputs = {"values": {"key": Secret("a"), "open": "b", "list": ["x", Secret("y")], "obj": Secret({"k": 1})}}
    outputs = {"values": {"key": "a", "open": "b", "list": ["y", "x"], "obj": {"k": 1}, "more": 1}, "status": "ok"}
    marked = marked_like(outputs, inputs)
    assert marked["values"]["key"] == Secret("a")
    assert marked["values"]["list"] == Secret(["y", "x"])  # as a whole: its order may have changed
    assert marked["values"]["obj"] == Secret({"k": 1})
    assert (marked["values"]["open"], marked["values"]["more"], marked["status"]) == ("b", 1, "ok")
    assert plain(marked) == outputs


def test_a_value_that_changed_its_shape_stays_secret() -> None:
    assert marked_like({"a": "flat"}, {"a": {"deep": Secret("x")}}) == {"a": Secret("flat")}


def test_unknown_and_secret_are_found_deep_inside() -> None:
    assert has_unknown({"a": [Secret({"b": UNKNOWN})]})
    assert has_secret({"a": [{"b": Secret(1)}]})
    assert not has_unknown({"a": ["b"]})
    assert not has_secret({"a": ["b"]})
