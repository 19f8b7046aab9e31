"""The stand-in random plugin draws what its official counterpart would accept."""

from __future__ import annotations

import base64
import string
import uuid
from typing import Any

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.plugins.contract import Operation, Subject
from local.plugins.errors import PluginError
from local.plugins.properties import Secret, plain
from local.plugins.random.provider import RandomProvider

UUID, PASSWORD, STRING, IDENTIFIER, INTEGER = (
    f"random:index/{name[0].lower()}{name[1:]}:{name}"
    for name in ("RandomUuid", "RandomPassword", "RandomString", "RandomId", "RandomInteger")
)


def _operation(token: str, **arguments: Any) -> Operation:
    return Operation(Subject(f"urn:pulumi:s::p::{token}::it", token, "it"), **arguments)


def _create(token: str, **inputs: Any) -> tuple[str, dict[str, Any]]:
    identifier, state = RandomProvider().kind(token).create(_operation(token, inputs=inputs))
    return identifier, state


def _faults(token: str, **inputs: Any) -> list[str]:
    checked = RandomProvider().kind(token).check(_operation(token, inputs=inputs))
    return [reason for _, reason in checked.failures]


def _changes(token: str, olds: dict[str, Any], news: dict[str, Any]) -> list[tuple[str, bool]]:
    found = RandomProvider().kind(token).diff(_operation(token, old_inputs=olds, inputs=news))
    return [(str(entry.path[0]), entry.replace) for entry in found.entries]


def test_uuid_is_its_own_id_and_new_each_time() -> None:
    identifier, state = _create(UUID)
    assert state["result"] == identifier == str(uuid.UUID(identifier))
    assert _create(UUID)[0] != identifier


def test_changed_keepers_replace_and_nothing_else_does() -> None:
    assert _changes(UUID, {"keepers": {"a": "1"}}, {"keepers": {"a": "2"}}) == [("keepers", True)]
    assert _changes(UUID, {"keepers": {"a": "1"}}, {"keepers": {"a": "1"}}) == []
    assert _changes(PASSWORD, {"length": 8}, {"length": 8, "special": True, "minLower": 0}) == []
    assert _changes(PASSWORD, {"length": 8}, {"length": 8, "special": False}) == [("special", True)]


@settings(max_examples=30)
@given(
    length=st.integers(8, 40),
    least=st.tuples(*[st.integers(0, 2)] * 4),
    special=st.sampled_from(["", "_%"]),
)
def test_strings_keep_their_rules(length: int, least: tuple[int, ...], special: str) -> None:
    lower, upper, numeric, symbols = least
    inputs = {"minLower": lower, "minUpper": upper, "minNumeric": numeric, "minSpecial": symbols}
    result = _create(STRING, length=length, overrideSpecial=special, **inputs)[1]["result"]
    assert len(result) == length
    assert sum(character in string.ascii_lowercase for character in result) >= lower
    assert sum(character in string.ascii_uppercase for character in result) >= upper
    assert sum(character in string.digits for character in result) >= numeric
    odd = [character for character in result if not character.isalnum()]
    assert len(odd) >= symbols
    assert not special or set(odd) <= set(special)


def test_classes_that_are_off_do_not_appear() -> None:
    result = _create(STRING, length=64, upper=False, numeric=False, special=False)[1]["result"]
    assert set(result) <= set(string.ascii_lowercase)


def test_password_and_hash_are_secret_and_the_id_tells_nothing() -> None:
    identifier, state = _create(PASSWORD, length=20)
    assert identifier == "none"
    assert isinstance(state["result"], Secret)
    assert isinstance(state["bcryptHash"], Secret)
    assert bcrypt.checkpw(state["result"].value.encode(), state["bcryptHash"].value.encode())


def test_what_cannot_be_drawn_is_one_line_at_check() -> None:
    assert _faults(STRING, length=3, minLower=2, minUpper=2) == ["length 3 is below the 4 characters asked for"]
    assert _faults(STRING, length=5, upper=False, minUpper=1) == ["minUpper is above 0 but upper is off"]
    nothing = dict.fromkeys(("lower", "upper", "numeric", "special"), False)
    assert _faults(STRING, length=5, **nothing) == [
        "no characters to choose from: allow lower, upper, numeric or special"
    ]
    assert _faults(INTEGER, min=3, max=1) == ["min (3) is greater than max (1)"]
    assert _faults(IDENTIFIER, byteLength=0) == ["byteLength must be at least 1"]


def test_id_is_spelled_four_ways() -> None:
    identifier, state = _create(IDENTIFIER, byteLength=5, prefix="p-")
    drawn = base64.urlsafe_b64decode(identifier + "=")
    assert state["hex"] == f"p-{drawn.hex()}"
    assert state["dec"] == f"p-{int.from_bytes(drawn, 'big')}"
    assert state["b64Url"] == f"p-{identifier}"


def test_integer_lies_within_its_bounds() -> None:
    assert {int(_create(INTEGER, min=1, max=3)[0]) for _ in range(60)} == {1, 2, 3}


@pytest.mark.parametrize(
    ("token", "given_id", "identifier", "inputs"),
    [
        (UUID, "aabbccdd-eeff-0011-2233-445566778899", "aabbccdd-eeff-0011-2233-445566778899", {}),
        (PASSWORD, "swordfish", "none", {"length": 9}),
        (STRING, "abc", "abc", {"length": 3}),
        (INTEGER, "7,1,9", "7", {"min": 1, "max": 9}),
    ],
)
def test_an_existing_value_is_imported(token: str, given_id: str, identifier: str, inputs: dict[str, Any]) -> None:
    found = RandomProvider().kind(token).read(_operation(token, identifier=given_id))
    assert found is not None
    assert (found.identifier, found.inputs) == (identifier, inputs)
    assert str(plain(found.state["result"])) == given_id.split(",", maxsplit=1)[0]


def test_an_import_that_is_none_is_one_line() -> None:
    with pytest.raises(PluginError, match="cannot import 'nonsense': not a UUID"):
        RandomProvider().kind(UUID).read(_operation(UUID, identifier="nonsense"))


def test_refresh_keeps_what_is_there() -> None:
    state, inputs = {"result": "x"}, {"keepers": {"a": "b"}}
    found = RandomProvider().kind(UUID).read(_operation(UUID, identifier="x", state=state, old_inputs=inputs))
    assert found is not None
    assert (found.state, found.inputs) == (state, inputs)


def test_another_type_is_refused_in_one_line() -> None:
    with pytest.raises(PluginError, match=r"RandomPet.*use the official plugin"):
        RandomProvider().kind("random:index/randomPet:RandomPet")
