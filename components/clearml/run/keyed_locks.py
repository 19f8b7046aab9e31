"""Locks by name: whoever changes the same thing takes turns, whoever changes another does not wait."""

from __future__ import annotations

import threading
from collections import defaultdict


class KeyedLocks:
    """A lock a key, made when it is first asked for; the thread that holds one may take it again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)

    def lock(self, key: str) -> threading.RLock:
        """The lock of this key, not taken yet."""
        with self._guard:
            return self._locks[key]
