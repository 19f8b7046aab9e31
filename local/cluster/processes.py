"""The cluster's processes, told from all others by the folder they were started from."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress

import psutil

from local.cluster.paths import ClusterPaths
from local.cluster.settings import COMPONENTS

_PATIENCE_SECONDS = 10


def running(place: ClusterPaths) -> dict[str, psutil.Process]:
    """Component to process, of those that run now."""
    folder = f"{place.cluster}/bin/"
    found: dict[str, psutil.Process] = {}
    for process in psutil.process_iter(["cmdline", "status"]):
        command = process.info["cmdline"] or []
        # The second word is looked at too: a tool may be a script, which runs as `sh <script>`.
        started = next((word for word in command[:2] if word.startswith(folder)), None)
        if started and process.info["status"] != psutil.STATUS_ZOMBIE:
            found[started.removeprefix(folder)] = process
    return found


def missing(place: ClusterPaths) -> list[str]:
    """Components that do not run, in the order they depend on each other."""
    there = running(place)
    return [component for component in COMPONENTS if component not in there]


def forget_dead(place: ClusterPaths) -> None:
    """Remove kwokctl's notes of processes that are gone.

    Their numbers may belong to someone else by now, whom kwokctl would take for the cluster's own.
    """
    there = running(place)
    for note in (place.cluster / "pids").glob("*.pid"):
        process = there.get(note.stem)
        if process is None or note.read_text().strip() != str(process.pid):
            note.unlink(missing_ok=True)


def stop(place: ClusterPaths, *, keep: bool) -> None:
    """End the cluster's processes at once; only etcd keeps anything, and gets time to write it down if `keep`."""
    there = running(place)
    etcd = there.pop("etcd", None)
    _kill(there.values())
    if etcd and keep:
        with suppress(psutil.Error):
            etcd.terminate()
            _wait([etcd])
    _kill([etcd] if etcd else [])


def _kill(processes: Iterable[psutil.Process]) -> None:
    doomed = list(processes)
    for process in doomed:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _wait(doomed)


def _wait(processes: Iterable[psutil.Process]) -> None:
    """Until they have ended; a zombie has, however long its parent takes to notice."""
    until = time.monotonic() + _PATIENCE_SECONDS
    left = list(processes)
    while left and time.monotonic() < until:
        left = [process for process in left if _runs(process)]
        time.sleep(0.02 if left else 0)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
