"""What a user keeps from an earlier version is right for this one: what is announced changes once, nothing else does,
and every class is still there.

Another type token, an input that is kept in another form, or a class that is moved without an import of it at its old
place breaks these. What fails here would change or lose something of every user's.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import dill
import pytest

from components.clearml import state
from tests.api.program import Program
from tests.api.recorded import released, resources, restore
from tests.emulator import Emulator
from tests.state_paths import ONE_PATH, paths_in
from tests.tenants import without_workers

# CHANGELOG.md: the supervisor's pair goes from the release's variables, where it hid all of them, into a Secret. The
# same update tells the chart the cookie's name.
_STACK = "urn:pulumi:test::clearml-tenants::"
_PLATFORM = "clearml:platform:Platform$kubernetes"
_SERVER = f"{_PLATFORM}:helm.sh/v3:Release::clearml-enterprise"
_SECRET = f"{_PLATFORM}:core/v1:Secret::clearml-supervisor"
_PAIR_MOVES = {f"{_STACK}{_SERVER}": "update", f"{_STACK}{_SECRET}": "create"}
# CHANGELOG.md, ADR 15: of a tenant's network policies, those that hold for every pod become one.
_POLICY = f"{_STACK}clearml:tenant:Tenant$clearml:tenant:Isolation$kubernetes:networking.k8s.io/v1:NetworkPolicy::"
_POLICIES_JOIN = {
    f"{_POLICY}{tenant}-{name}": what
    for tenant in ("acme", "globex")
    for name, what in {"every-pod": "create", "own-namespace": "delete", "dns": "delete", "clearml": "delete"}.items()
}
# Recorded before the first.
_EARLIER = ("0.1.0", "0.1.0-every-kind")
_PAIR = ("CLEARML__secure__credentials__supervisor__user_key", "CLEARML__secure__credentials__supervisor__user_secret")


def test_there_is_one() -> None:
    assert released()


def test_every_kind_of_resource_is_in_one() -> None:
    kept = [_texts(resources(version), "outputs") for version in released()]
    assert {_name(urn) for texts in kept for urn in texts} == state.CLASSES.keys()


@pytest.mark.parametrize("version", released())
def test_preview_of_a_released_state_changes_what_is_announced_alone(
    version: str, program: Program, emulator: Emulator
) -> None:
    """Told by name, so that a failure says what would be lost."""
    restore(version, program)
    changes = program.planned()
    kept = {each["urn"] for each in resources(version) if not each["type"].startswith("pulumi:")}
    assert kept <= changes.keys()
    announced = (_PAIR_MOVES if version in _EARLIER else {}) | _POLICIES_JOIN
    assert {urn: what for urn, what in changes.items() if what != "same"} == announced
    assert emulator.calls() == []


@pytest.mark.parametrize("version", _EARLIER)
def test_up_of_a_released_state_changes_that_once_and_forgets_the_old_paths_of_inputs(
    version: str, program: Program, emulator: Emulator
) -> None:
    """By its outputs the engine reads and deletes a resource; it writes those anew only when it updates it."""
    restore(version, program)
    before = program.exported(secrets=True)
    changes = program.up()
    counts = Counter([*_PAIR_MOVES.values(), *_POLICIES_JOIN.values()])
    assert {what: count for what, count in changes.items() if what != "same"} == counts
    assert emulator.calls() == []
    after = program.exported(secrets=True)
    assert _told_otherwise(before[_SERVER], after[_SERVER]) == {*_PAIR, "CLEARML_TENANTS_SUPERVISOR"}
    assert "cookieName" not in before[_SERVER]["inputs"]["values"]["clearml"]
    assert after[_SERVER]["inputs"]["values"]["clearml"]["cookieName"] == "clearml_token_basic"
    assert set(program.planned().values()) == {"same"}
    assert _texts(after.values(), "outputs") == _texts(before.values(), "outputs")
    assert _one_path(_texts(after.values(), "inputs"))


def test_state_of_a_new_stack_holds_the_one_path_alone(program: Program) -> None:
    program.write("acme", without_workers("acme"))
    program.up()
    made = program.exported(secrets=True).values()
    assert _one_path({**_texts(made, "inputs"), **_texts(made, "outputs")})
    assert _texts(made, "inputs") == _texts(made, "outputs")


@pytest.mark.parametrize("version", released())
def test_class_of_every_resource_is_found_where_the_state_says(version: str) -> None:
    """The engine unpickles it to read or delete what an earlier version made."""
    kept = _texts(resources(version), "outputs")
    assert len(kept) > 10
    for urn, text in kept.items():
        found = dill.loads(base64.b64decode(text))  # noqa: S301 - our own
        assert type(found) is type(state.provider(_name(urn)))


def _told_otherwise(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The apiserver's variables that the release is told otherwise; raises if more than the cookie's name is."""
    old, new = ({entry["name"]: entry for entry in _variables(each)} for each in (before, after))
    assert {**before["inputs"], "values": _without_variables(before)} == {
        **after["inputs"],
        "values": _without_variables(after),
    }
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def _variables(release: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = release["inputs"]["values"]["apiserver"]["extraEnvs"]
    # The whole list was a secret; the export shows its text.
    variables: list[dict[str, Any]] = json.loads(found["plaintext"]) if isinstance(found, dict) else found
    return variables


def _without_variables(release: Mapping[str, Any]) -> dict[str, Any]:
    values = release["inputs"]["values"]
    clearml = {key: value for key, value in values["clearml"].items() if key != "cookieName"}
    return {**values, "clearml": clearml, "apiserver": {**values["apiserver"], "extraEnvs": []}}


def _texts(found: Iterable[dict[str, Any]], side: str) -> dict[str, str]:
    """The pickles in the resources' inputs or outputs, by URN."""
    return {each["urn"]: each[side]["__provider"] for each in found if "__provider" in each.get(side, {})}


def _name(urn: str) -> str:
    """The name in the type token."""
    return urn.split("::")[2].rpartition(":")[2]


def _one_path(texts: Mapping[str, str]) -> bool:
    """Whether there are such, and each needs the one path alone and is of the resource's kind."""
    return bool(texts) and all(
        paths_in(text) == [ONE_PATH] and _name(urn).encode() in base64.b64decode(text) for urn, text in texts.items()
    )
