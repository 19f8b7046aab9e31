"""What all random kinds share: made once, kept as they are, made anew when any input changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from local.plugins.contract import CheckResult, Differences, Found, Operation
from local.plugins.difference import compare
from local.plugins.errors import PluginError
from local.plugins.properties import UNKNOWN, Properties, Secret, has_unknown, marked_like, plain


class Recipe(Protocol):
    """How one kind is drawn; everything it takes and gives is plain."""

    @property
    def token(self) -> str: ...

    @property
    def defaults(self) -> Mapping[str, Any]: ...

    @property
    def secret_outputs(self) -> frozenset[str]: ...

    @property
    def outputs(self) -> frozenset[str]: ...

    def faults(self, inputs: Mapping[str, Any], /) -> Sequence[tuple[str, str]]:
        """(property, one line) for inputs that cannot work; all values known."""

    def draw(self, inputs: Mapping[str, Any], /) -> tuple[str, dict[str, Any]]:
        """A new id and the outputs."""

    def adopt(self, identifier: str, /) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """id, outputs and inputs of an existing value given to `import`. Raises PluginError."""


class RandomKind:
    """A `Kind` for one recipe."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe

    def check(self, operation: Operation) -> CheckResult:
        if has_unknown(operation.inputs):
            return CheckResult(operation.inputs)
        return CheckResult(operation.inputs, self._recipe.faults(self._complete(operation.inputs)))

    def diff(self, operation: Operation) -> Differences:
        changed = compare(self._complete(operation.old_inputs), self._complete(operation.inputs))
        return Differences([replace(entry, replace=True) for entry in changed])

    def create(self, operation: Operation) -> tuple[str, Properties]:
        if operation.preview:
            return "", self._state(operation.inputs, dict.fromkeys(self._recipe.outputs, UNKNOWN))
        identifier, outputs = self._recipe.draw(self._complete(operation.inputs))
        return identifier, self._state(operation.inputs, outputs)

    def read(self, operation: Operation) -> Found | None:
        if operation.state:
            return Found(operation.identifier, operation.state, operation.old_inputs)
        identifier, outputs, inputs = self._recipe.adopt(operation.identifier)
        return Found(identifier, self._state(inputs, outputs), inputs)

    def update(self, operation: Operation) -> Properties:
        raise PluginError(f"{operation.subject.name}: a random value is replaced, never updated")

    def delete(self, _operation: Operation) -> None:
        pass

    def _complete(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        given = {key: value for key, value in plain(inputs).items() if value is not None}
        return {**self._recipe.defaults, **given}

    def _state(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> Properties:
        hidden = {key: Secret(value) if key in self._recipe.secret_outputs else value for key, value in outputs.items()}
        completed: Properties = marked_like(self._complete(inputs), inputs)
        return {**completed, **hidden}
