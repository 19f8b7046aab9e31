"""Faults a test asks for: which calls go wrong next, and how."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

Kind = Literal["refuse", "slow", "error-before", "error-after", "lost-answer", "rate-limit", "html", "truncated"]


class FaultError(ValueError):
    """The list of faults is not one; one line."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid", strict=True))
class Fault:
    """The next `times` calls of `endpoint` (`*`: of any) go wrong.

    `seconds`: how long `slow` sleeps, and what `rate-limit` says in Retry-After; by default 2 and 1.
    """

    endpoint: str
    kind: Kind
    times: int = Field(default=1, ge=0)
    seconds: float | None = Field(default=None, ge=0)

    def matches(self, endpoint: str) -> bool:
        return self.times > 0 and self.endpoint in ("*", endpoint)


def read_faults(content: bytes) -> list[Fault]:
    """The JSON list of `PUT /faults`. Raises FaultError."""
    try:
        return TypeAdapter(list[Fault]).validate_json(content)
    except ValidationError as error:
        fault = error.errors()[0]
        raise FaultError(f"{'.'.join(map(str, fault['loc'])) or 'faults'}: {fault['msg']}") from None


class Faults:
    """The faults still to come; the first that matches a call is used up by it."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def replace(self, faults: list[Fault]) -> None:
        self._waiting = list(faults)

    def waiting(self) -> list[Fault]:
        return [fault for fault in self._waiting if fault.times]

    def take(self, endpoint: str) -> Fault | None:
        """The fault that this call gets, with one less to come."""
        for index, fault in enumerate(self._waiting):
            if fault.matches(endpoint):
                self._waiting[index] = replace(fault, times=fault.times - 1)
                return fault
        return None
