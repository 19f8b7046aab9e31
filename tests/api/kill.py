"""A process that is killed after some call of the API: the server has carried it out, and nobody saw the answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from components.clearml.api.client import Client


class Killed(BaseException):
    """The process is gone."""


def kill_at(calls: int, act: Callable[[], object], see: Callable[[], None] = lambda: None) -> bool:
    """Whether `act` was killed at that many calls, or lived that long; `see` looks at the server after each."""
    whole, done = Client._once, itertools.count(1)

    def once(self: Client, *args: Any) -> Any:
        answer = whole(self, *args)
        see()
        if next(done) == calls:
            raise Killed
        return answer

    with pytest.MonkeyPatch.context() as killing:
        killing.setattr(Client, "_once", once)
        try:
            act()
        except Killed:
            return True
    return False
