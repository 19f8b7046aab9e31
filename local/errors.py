"""The one error of local commands, and the kind of it that the engine's failures are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class LocalError(RuntimeError):
    """Something a person can mend; its text is one line: what, where, what to do."""


@dataclass(frozen=True)
class Cause:
    """Why an operation of the engine failed: a line, and the URN of the resource that it is said of, if of one."""

    text: str
    urn: str = ""


class EngineError(LocalError):
    """An operation of the engine failed; its text is a line for each of the `causes`."""

    def __init__(self, causes: Iterable[Cause]) -> None:
        self.causes = tuple(causes)
        super().__init__("\n".join(cause.text for cause in self.causes))
