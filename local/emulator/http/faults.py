"""Faults a test asks for: which calls go wrong next, and how."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

Kind = Literal[
    "refuse",
    "slow",
    "late",
    "drip",
    "error-before",
    "error-after",
    "lost-answer",
    "rate-limit",
    "html",
    "truncated",
    "bomb",
]
# What a fault takes if it does not say.
SECONDS: dict[str, float] = {"slow": 2, "late": 2, "drip": 1, "rate-limit": 1}


class FaultError(ValueError):
    """The list of faults is not one; one line."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid", strict=True))
class Fault:
    """The next `times` calls of `endpoint` (`*`: of any) go wrong.

    `slow` answers late; `late` answers 504 now, as a gateway does, and carries the call out later; `drip` answers a
    byte at a time; `bomb` answers right, in a megabyte that unpacks to a thousand. `seconds`: how long `slow` sleeps,
    how much later `late` does its work, how long `drip` takes for a byte, what `rate-limit` says in Retry-After.
    """

    endpoint: str
    kind: Kind
    times: int = Field(default=1, ge=0)
    seconds: float | None = Field(default=None, ge=0)

    @property
    def pause(self) -> float:
        return SECONDS.get(self.kind, 0) if self.seconds is None else self.seconds

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
    """The faults still to come; the first that matches a call is used up by it. And the work of late calls."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._late: set[asyncio.TimerHandle] = set()

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

    def carry_out(self, seconds: float, work: Callable[[], object]) -> None:
        """Do the work so much later, in the running event loop."""
        self._late.add(asyncio.get_running_loop().call_later(seconds, work))

    def forget_late(self) -> None:
        """What was not carried out yet never is."""
        for handle in self._late:
            handle.cancel()
        self._late.clear()
