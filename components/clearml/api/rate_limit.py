"""A bound on how many calls a second reach the API, for servers that more than one team relies on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class RateLimiter:
    """At most `per_second` turns a second, evenly apart, for all threads together; None: no bound.

    Evenly, not in bursts: a server that is asked for little is not met by hundreds of calls at once.
    """

    def __init__(
        self,
        per_second: float | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._apart = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._sleep = sleep
        self._guard = threading.Lock()
        self._next = clock()

    def wait(self) -> None:
        """Return when it is this caller's turn; the turns are given in the order they are asked for."""
        if not self._apart:
            return
        with self._guard:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._apart
        if turn > now:
            self._sleep(turn - now)
