"""Start, repair and remove this checkout's cluster."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from filelock import FileLock

from local import progress
from local.checkout import Checkout
from local.cluster import health, processes
from local.cluster.kwokctl import Kwokctl
from local.cluster.paths import ClusterPaths
from local.cluster.settings import COMPONENTS
from local.errors import LocalError
from local.toolchain import InstalledTool
from local.toolchain.cache import root as cache_root

Outcome = Literal["running", "started again", "created"]
_ATTEMPTS = 3


def start(checkout: Checkout, tools: Mapping[str, InstalledTool]) -> Outcome:
    """A ready cluster with its kubeconfig in place; says what had to be done.

    A running one is left alone. One whose processes are gone is started again with what it held. A half-made one, or
    one that cannot be started again, is made anew, and what was deployed in it is gone: `created`. Raises LocalError,
    one line with the log's path.
    """
    place = ClusterPaths.of(checkout)
    outcome: Outcome = "running"
    if not _is_ready(place):
        kwokctl = Kwokctl(place, tools)
        if place.complete.exists() and _start_again(place, kwokctl, tools):
            outcome = "started again"
        else:
            _create(place, kwokctl)
            outcome = "created"
    _publish(place)
    return outcome


def is_ready(checkout: Checkout) -> bool:
    """Whether every process runs and the API server says it is ready; changes nothing."""
    place = ClusterPaths.of(checkout)
    return _is_ready(place) and place.kubeconfig.exists()


def stop(checkout: Checkout) -> None:
    """End the cluster and remove all of it, whatever state it is in; nothing to do is fine."""
    place = ClusterPaths.of(checkout)
    processes.stop(place, keep=False)
    shutil.rmtree(place.work, ignore_errors=True)
    shutil.rmtree(place.kept_logs, ignore_errors=True)
    place.kubeconfig.unlink(missing_ok=True)
    place.log.unlink(missing_ok=True)
    place.forget_way()


def _is_ready(place: ClusterPaths) -> bool:
    return place.complete.exists() and not processes.missing(place) and health.answers(place)


def _start_again(place: ClusterPaths, kwokctl: Kwokctl, tools: Mapping[str, InstalledTool]) -> bool:
    """Whether the cluster runs again with what it held; if not, the note says why and where its logs are kept."""
    gone = ", ".join(processes.missing(place)) or "the API server's answer"
    progress.note(f"cluster: {gone} missing; starting it again with what it held")
    try:
        with progress.step("cluster", "starting again", estimate=5):
            _run_again(place, kwokctl, tools)
    except LocalError as cause:
        shutil.rmtree(place.kept_logs, ignore_errors=True)
        shutil.copytree(place.cluster / "logs", place.kept_logs, dirs_exist_ok=True)
        reason = str(cause).replace(str(place.cluster / "logs"), str(place.kept_logs))
        progress.note(f"{reason}; making the cluster anew, what was deployed in it is gone")
        return False
    return True


def _run_again(place: ClusterPaths, kwokctl: Kwokctl, tools: Mapping[str, InstalledTool]) -> None:
    """Start what does not run. Raises LocalError."""
    for attempt in range(1, _ATTEMPTS + 1):
        if attempt > 1 or not health.answers(place):
            processes.stop(place, keep=True)
        processes.forget_dead(place)
        _relink(place, tools)
        try:
            kwokctl.start()
            health.wait_until_ready(place)
        except health.ComponentEndedError:
            # Another program may have its port for a moment, for a connection of its own; what is kept is worth a wait.
            if attempt == _ATTEMPTS:
                raise
            time.sleep(1)
        else:
            return


def _relink(place: ClusterPaths, tools: Mapping[str, InstalledTool]) -> None:
    """Run the tools where they are now; the cache may have moved or a version changed since."""
    for component, tool in COMPONENTS.items():
        link = place.cluster / "bin" / component
        link.unlink(missing_ok=True)
        link.symlink_to(tools[tool].path)


def _create(place: ClusterPaths, kwokctl: Kwokctl) -> None:
    """Make the cluster from nothing, after removing what is left of another."""
    with progress.step("cluster", "creating", estimate=6):
        for attempt in range(1, _ATTEMPTS + 1):
            processes.stop(place, keep=False)
            shutil.rmtree(place.work, ignore_errors=True)
            place.work.mkdir(mode=0o700, parents=True)
            try:
                with _ports():
                    kwokctl.create()
                    health.wait_until_ready(place)
            except LocalError as cause:
                # A component that ends at once may have had its port taken by another program. The failure itself is
                # asked, not the processes alone: one that ended may be started again before a second look.
                ended = isinstance(cause, health.ComponentEndedError) or processes.missing(place)
                if attempt == _ATTEMPTS or not ended:
                    raise
                time.sleep(1)
            else:
                kwokctl.add_nodes()
                place.complete.touch()
                return


def _ports() -> FileLock:
    """Held from the search for free ports until they are taken: two clusters might find the same ones."""
    locks = cache_root() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    return FileLock(locks / "cluster-ports.lock")


def _publish(place: ClusterPaths) -> None:
    """Put the kubeconfig where the checkout's commands look, readable by its owner only, in one step."""
    text = place.own_kubeconfig.read_text()
    if _same(place.kubeconfig, text):
        return
    fresh = place.kubeconfig.with_name(f"{place.kubeconfig.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    fresh.replace(place.kubeconfig)


def _same(file: Path, text: str) -> bool:
    try:
        return file.read_text() == text and file.stat().st_mode & 0o777 == 0o600
    except OSError:
        return False
