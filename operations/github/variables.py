"""What a workflow's step hands on to a command. Standard library alone, as some
commands run before any package is there."""

from __future__ import annotations

from collections.abc import Mapping

from operations.errors import OperationError


def required(variables: Mapping[str, str], name: str) -> str:
    """The variable's value. Raises OperationError if it is not set, or empty."""
    value = variables.get(name, "")
    if not value:
        raise OperationError(f"{name} is not set: the workflows in .github/ set it")
    return value
