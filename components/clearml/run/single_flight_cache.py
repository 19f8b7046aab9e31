"""Answers that several resources need, fetched once a run: valid for minutes, and never older than our own writes.

The resources of a large run come to the same answer minutes apart. Who finds a surprise in one asks again before acting
on it.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlightCache(Generic[K, V]):
    """One answer per key. Threads that ask for the same key wait for one fetch; `drop` makes the next `get` fetch.

    A fetch that began before a `drop` is not kept: it may not show the write that caused the drop.
    """

    def __init__(self, fetch: Callable[[K], V], seconds: float = 300.0) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._guard = threading.Lock()
        self._turns: defaultdict[K, threading.Lock] = defaultdict(threading.Lock)
        self._drops: defaultdict[K, int] = defaultdict(int)
        self._entries: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V:
        """The kept answer if it is still valid, else a new one. Raises what the fetch raises, and keeps no failure."""
        with self._guard:
            turn = self._turns[key]
        with turn:
            with self._guard:
                kept = self._entries.get(key)
                drops = self._drops[key]
            if kept is not None and time.monotonic() - kept[0] < self._seconds:
                return kept[1]
            asked = time.monotonic()
            value = self._fetch(key)
            with self._guard:
                if self._drops[key] == drops:
                    self._entries[key] = (asked, value)
            return value

    def drop(self, key: K) -> None:
        """Forget the answer: something it shows was, or may have been, written."""
        with self._guard:
            self._drops[key] += 1
            self._entries.pop(key, None)

    def amend(self, key: K, change: Callable[[V], V]) -> None:
        """Bring the kept answer up to date with a write of ours, instead of asking again."""
        with self._guard:
            self._drops[key] += 1
            if key in self._entries:
                asked, value = self._entries[key]
                self._entries[key] = (asked, change(value))

    def fresh(self, key: K) -> V:
        """An answer asked for after this call began; kept for others."""
        self.drop(key)
        return self.get(key)
