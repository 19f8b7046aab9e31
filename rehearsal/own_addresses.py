"""A rehearsal's own addresses: with another port each time, they would change its comment at each push."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from operations.preview.steps import Step


def renamed(step: Step, names: Mapping[str, str]) -> Step:
    """The step with a name in place of each address."""
    return replace(step, old=_renamed(step.old, names), new=_renamed(step.new, names))


def renamed_text(text: str, names: Mapping[str, str]) -> str:
    """The text with a name in place of each address."""
    for address, name in names.items():
        text = text.replace(address, name)
    return text


def _renamed(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - what a resource is declared with
    if isinstance(value, str):
        return renamed_text(value, names)
    if isinstance(value, Mapping):
        return {name: _renamed(each, names) for name, each in value.items()}
    return [_renamed(each, names) for each in value] if isinstance(value, list) else value
