"""Which process is ours: a process id alone may be another's by now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

_CLOCK_SECONDS = 2.0  # the time a process began is counted from boot, whose time the system clock may correct
_GRACE_SECONDS = 10.0


@dataclass(frozen=True)
class Process:
    """A process that cannot be mistaken: its id and when it began, in seconds since 1970."""

    pid: int
    began: float

    @classmethod
    def of(cls, pid: int) -> Process | None:
        """The process that has this id now; None if none has."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None

    def alive(self) -> bool:
        return self._found() is not None

    def stop(self) -> bool:
        """Ask it to end, after ten seconds kill it; True if there was anything to end."""
        found = self._found()
        if not found:
            return False
        try:
            found.terminate()
            found.wait(_GRACE_SECONDS)
        except psutil.TimeoutExpired:
            found.kill()
            found.wait(_GRACE_SECONDS)
        except psutil.NoSuchProcess:
            return True
        return True

    def _found(self) -> psutil.Process | None:
        try:
            found = psutil.Process(self.pid)
            if abs(found.create_time() - self.began) > _CLOCK_SECONDS or found.status() == psutil.STATUS_ZOMBIE:
                return None
        except psutil.Error:
            return None
        return found


class RunnerFile:
    """The runner's process, and what it was started with."""

    def __init__(self, run: Path) -> None:
        self._path = run / "pod.pid"

    def write(self, runner: Process, started_with: Mapping[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps({"process": asdict(runner), "started_with": started_with}))
        fresh.replace(self._path)

    def read(self) -> tuple[Process, Mapping[str, Any]] | None:
        """Process and settings; None if there is no file, or none that can be read."""
        try:
            read = json.loads(self._path.read_text())
            return Process(**read["process"]), read["started_with"]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def alive(self) -> bool:
        found = self.read()
        return found is not None and found[0].alive()

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)
