"""What the processes of a run take: seconds of CPU in all of them, and the memory of the largest one."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import psutil

_PAUSE = 0.2


@dataclass
class Load:
    """Looks at all processes below this one while the block runs; what lives shorter than a look is not seen.

    `aside` is one that is not looked at.
    """

    aside: int = 0
    seconds: float = 0
    cpu: float = 0
    peak: int = 0
    _seen: dict[int, float] = field(default_factory=dict)
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Load:
        self._before, self._started = self._look(), time.monotonic()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.monotonic() - self._started
        self._end.set()
        self._thread.join()
        self._seen.update(self._look())
        self.cpu = sum(taken - self._before.get(process, 0) for process, taken in self._seen.items())

    def _watch(self) -> None:
        while not self._end.wait(_PAUSE):
            self._seen.update(self._look())

    def _look(self) -> dict[int, float]:
        found = dict[int, float]()
        for process in psutil.Process().children(recursive=True):
            if process.pid == self.aside:
                continue
            try:
                times = process.cpu_times()
                found[process.pid] = times.user + times.system
                self.peak = max(self.peak, process.memory_info().rss)
            except psutil.Error:
                continue
        return found
