"""What a user keeps from an earlier version is right for this one: nothing to change, and every class still there.

A moved or renamed class, another type token, or an input that is kept in another form breaks these; a shim at the old
place mends it. What fails here would change or lose something of every user's.
"""

from __future__ import annotations

import base64
from typing import Any

import dill
import pytest

from components.clearml.provider import ClearMLProvider
from tests.api.program import Program
from tests.api.recorded import released, resources, restore
from tests.emulator import Emulator

# See tests/api/test_engine.py.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


def test_there_is_one() -> None:
    assert released()


@pytest.mark.parametrize("version", released())
def test_preview_of_a_released_state_changes_nothing(version: str, program: Program, emulator: Emulator) -> None:
    """Told by name, so that a failure says what would be lost."""
    restore(version, program)
    changes = program.planned()
    kept = {each["urn"] for each in resources(version) if not each["type"].startswith("pulumi:")}
    assert kept <= changes.keys()
    assert {urn: what for urn, what in changes.items() if what != "same"} == {}
    assert emulator.calls() == []


@pytest.mark.parametrize("version", released())
def test_class_of_every_resource_is_found_where_the_state_says(version: str) -> None:
    """The engine unpickles it to read or delete what an earlier version made."""
    kept = [each["inputs"]["__provider"] for each in resources(version) if "__provider" in each.get("inputs", {})]
    assert len(kept) > 10
    assert all(isinstance(_unpickled(text), ClearMLProvider) for text in kept)


def _unpickled(text: str) -> Any:
    return dill.loads(base64.b64decode(text))  # noqa: S301 - our own
