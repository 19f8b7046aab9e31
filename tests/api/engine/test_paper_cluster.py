"""The cluster on paper hides as much as the official plugin does: a test must not see what a person would not."""

from __future__ import annotations

from typing import Any

from local.plugins.contract import Operation, Subject
from local.plugins.properties import Properties, Secret
from tests.api.paper_cluster import Paper

_HIDDEN = "hunter2"


def _inputs_and_state(token: str, inputs: dict[str, Any]) -> tuple[Properties, Properties]:
    """What the engine keeps of an object after it was made."""
    paper, subject = Paper(), Subject(f"urn:pulumi:s::p::{token}::one", token, "one")
    checked = paper.check(Operation(subject, inputs)).inputs
    _, state = paper.create(Operation(subject, checked))
    return checked, state


def test_a_list_with_a_secret_in_it_is_secret_as_a_whole() -> None:
    env = [{"name": "OPEN", "value": "1"}, {"name": "KEY", "value": Secret(_HIDDEN)}]
    inputs, state = _inputs_and_state(
        "kubernetes:helm.sh/v3:Release", {"values": {"env": env, "key": Secret(_HIDDEN), "open": [1]}}
    )
    plain_env = [{"name": "OPEN", "value": "1"}, {"name": "KEY", "value": _HIDDEN}]
    for shown in (inputs["values"], state["values"]):
        assert shown == {"env": Secret(plain_env), "key": Secret(_HIDDEN), "open": [1]}


def test_all_of_a_secrets_data_is_secret_whatever_the_program_marked() -> None:
    content = {"kind": "Secret", "metadata": {"name": "one"}, "stringData": {"a": Secret(_HIDDEN), "b": "open"}}
    inputs, state = _inputs_and_state("kubernetes:core/v1:Secret", content)
    for shown in (inputs, state):
        assert shown["stringData"] == Secret({"a": _HIDDEN, "b": "open"})
        assert shown["metadata"] == {"name": "one"}
