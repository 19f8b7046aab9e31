"""Ends what a killed run's plugin left at work: a helm that goes on would make a release after we looked for it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil

from local.checkout import Checkout
from local.progress import note

_PLUGIN = "local.plugins.kubernetes"
_PATIENCE_SECONDS = 10.0


def end_orphans(checkout: Checkout) -> None:
    """End this checkout's helm processes that nobody waits for, after their plugins had time to do so themselves.

    Only call it while no run is at work. A helm that a person started in a shell has that shell for a parent, and is
    left alone. A plugin ends within a moment of its engine, and its helm with it, unless it was killed too.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and any(_plugin_of(each) for each in _helms(checkout)):
        time.sleep(0.1)
    for process in _helms(checkout):
        if _plugin_of(process) or _nobodys(process):
            process.kill()
            psutil.wait_procs([process], timeout=_PATIENCE_SECONDS)
            note(f"engine: ended a helm (process {process.pid}) that a run which died had left at work")


def _helms(checkout: Checkout) -> Iterator[psutil.Process]:
    executable = str(checkout.bin / "helm")
    for process in psutil.process_iter(["cmdline"]):
        # The second word is looked at too: a tool may be a script, which runs as `sh <script>`.
        if executable in (process.info["cmdline"] or [])[:2] and _runs(process):
            yield process


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _nobodys(process: psutil.Process) -> bool:
    """Whether its parent is gone: the system's first process took it over."""
    parent = process.parent()
    return parent is None or parent.ppid() == 0


def _plugin_of(process: psutil.Process) -> bool:
    try:
        parent = process.parent()
        return parent is not None and _PLUGIN in parent.cmdline()
    except psutil.Error:
        return False
