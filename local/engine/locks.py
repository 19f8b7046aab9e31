"""Releases the engine's lock of a run that died, so that the next one goes on; a live run's lock is left alone."""

from __future__ import annotations

import json
import time
from pathlib import Path

import psutil

from local.checkout import Checkout
from local.errors import LocalError
from local.progress import note, step

_PATIENCE_SECONDS = 60.0


def release_dead_lock(checkout: Checkout, stack: str) -> None:
    """Delete the lock files of processes that no longer run; wait up to a minute for those that still do.

    An engine whose parent was killed ends by itself once its operations under way are over. Raises LocalError when
    somebody else's run holds the lock for longer. The lock file's shape (`pid`) is the local backend's own.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for lock in _locks(checkout, stack):
        holder = _holder(lock)
        if holder is not None:
            _wait_for(lock, holder, deadline)
        if lock.exists():
            lock.unlink(missing_ok=True)
            note(f"engine: released the lock of a run of stack {stack} that had died")


def _locks(checkout: Checkout, stack: str) -> list[Path]:
    return sorted((checkout.state / ".pulumi" / "locks").glob(f"**/{stack}/*.json"))


def _holder(lock: Path) -> psutil.Process | None:
    """The live engine that wrote the lock; none if its process is gone or the number now is another program's."""
    try:
        pid = int(json.loads(lock.read_text())["pid"])
        process = psutil.Process(pid)
        made_after = process.create_time() > lock.stat().st_mtime + 1
        return None if made_after or "pulumi" not in process.name() else process
    except (OSError, ValueError, KeyError, psutil.Error):
        return None


def _wait_for(lock: Path, holder: psutil.Process, deadline: float) -> None:
    with step("engine", f"waiting for an earlier run (process {holder.pid}) to end"):
        while lock.exists() and holder.is_running() and time.monotonic() < deadline:
            time.sleep(0.5)
    if lock.exists() and holder.is_running():
        raise LocalError(f"process {holder.pid} is at work on this stack: let it end or stop it, then try again")
