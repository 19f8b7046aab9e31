"""What a reviewer reads of an object in the cluster."""

from __future__ import annotations

from typing import Any

import pytest

from operations.preview.difference import LATER, difference_of, shown_of
from operations.preview.steps import Step
from rendering.unknown import MARKS
from tests.operations.recorded import preview

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


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_what_is_not_known_yet_is_told_by_a_word_whatever_its_type(mark: str) -> None:
    """An object was shown as the mark itself."""
    assert shown_of({"name": "acme", "settings": [mark]}) == {"name": "acme", "settings": [LATER]}


def test_an_option_switched_off_is_shown() -> None:
    assert "-atomic: true" in _release("update", {"atomic": True, "values": {}}, {**_UNASKED, "values": {}})


def test_a_release_repository_is_shown() -> None:
    repository = {"repositoryOpts": {"repo": "https://charts.example.com", "password": ""}, "values": {}}
    assert "+  repo: https://charts.example.com" in _release("create", {}, repository)


def _official(recorded: str) -> list[str]:
    """What differs in the server's release, in a preview with the official kubernetes plugin."""
    (step,) = [each for each in preview(recorded) if each.token.endswith(":Release") and not each.tenant]
    found = difference_of(step)
    return list(found.lines) if found else []


def test_the_official_plugin_shows_each_variable_of_the_server() -> None:
    """One secret among them would hide them all."""
    lines = _official("official_features")
    assert "+    - name: CLEARML__services__organization__features__reports" in lines
    assert "+    - name: CLEARML__services__auth__default_groups__users__features" in lines
    assert not [line for line in lines if "secret" in line.lower()]
    assert "+    - name: CLEARML__apiserver__log_calls" in _official("official_variable")


def test_another_pair_of_the_supervisor_is_seen_and_not_shown() -> None:
    changed = [line for line in _official("official_pair") if line.startswith(("+", "-"))]
    assert [line[:1] for line in changed] == ["-", "+"]
    assert all(len(line.partition("value: ")[2].strip("'")) == 16 for line in changed)


def test_the_first_run_after_an_upgrade_shows_what_was_hidden() -> None:
    lines = _official("official_upgrade")
    assert "-    extraEnvs: (secret)" in lines
    assert "+          name: clearml-supervisor" in lines
