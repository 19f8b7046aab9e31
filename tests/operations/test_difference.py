"""What a reviewer reads of an object in the cluster."""

from __future__ import annotations

from typing import Any

from operations.preview.difference import difference_of
from operations.preview.steps import Step

# As the official plugin's `check` leaves an option that nobody asked for.
_UNASKED: dict[str, Any] = {
    "atomic": False,
    "description": "",
    "repositoryOpts": {"caFile": "", "repo": "", "username": ""},
    "skipCrds": False,
}


def _release(operation: str, old: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
    step = Step(operation, "kubernetes:helm.sh/v3:Release", "acme-agent", "acme", old, new)
    found = difference_of(step)
    return found.lines if found else ()


def test_options_that_nobody_asked_for_are_not_shown() -> None:
    asked = {"name": "acme-agent", "timeout": 900, "values": {"createQueues": False, "image": ""}}
    created = _release("create", {}, {**_UNASKED, **asked})
    assert [line for line in created if line.startswith("+")] == [
        "+name: acme-agent",
        "+timeout: 900",
        "+values:",
        "+  createQueues: false",
        "+  image: ''",
    ]
    assert created == _release("create", {}, asked)


def test_an_option_switched_off_is_shown() -> None:
    assert "-atomic: true" in _release("update", {"atomic": True, "values": {}}, {**_UNASKED, "values": {}})


def test_a_release_repository_is_shown() -> None:
    repository = {"repositoryOpts": {"repo": "https://charts.example.com", "password": ""}, "values": {}}
    assert "+  repo: https://charts.example.com" in _release("create", {}, repository)
