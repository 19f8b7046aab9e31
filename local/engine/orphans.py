"""Ends what a killed run left at work: plugins and helms that go on would make a release after we looked for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from local.checkout import Checkout
from local.progress import note

# The official plugins by their executables, ours by the modules that their launchers run.
_EXECUTABLES = ("pulumi-resource-", "pulumi-language-")
_MODULES = frozenset({"local.plugins.random", "local.plugins.language", "pulumi.dynamic"})
_ENGINE = "pulumi"
_PATIENCE_SECONDS = 10.0


def end_orphans(checkout: Checkout) -> None:
    """End this checkout's plugins whose engine is gone, and helms that nobody waits for.

    Only call it while no run is at work. A helm that a person started in a shell has that shell for a parent, and is
    left alone. The kubernetes plugin, which runs helm within itself, goes on for minutes without its engine; a helm of
    its own is what the mending of a release starts.
    """
    for process in _plugins(checkout):
        if not _has_engine(process):
            _end(process, "plugin")
    for process in _helms(checkout):
        if _nobodys(process):
            _end(process, "helm")


def _end(process: psutil.Process, what: str) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()
        psutil.wait_procs([process], timeout=_PATIENCE_SECONDS)
        note(f"engine: ended a {what} (process {process.pid}) that a run which died had left at work")


def _plugins(checkout: Checkout) -> Iterator[psutil.Process]:
    """An engine starts them in the project's folder."""
    for process in psutil.process_iter(["cmdline", "cwd"]):
        if process.info["cwd"] == str(checkout.root) and _is_plugin(process.info["cmdline"] or []) and _runs(process):
            yield process


def _is_plugin(words: list[str]) -> bool:
    named = any(Path(word).name.startswith(_EXECUTABLES) for word in words[:2])
    return named or not _MODULES.isdisjoint(words)


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
    """Whether its parent is gone: the system's first process took it over. Not of one that has ended meanwhile."""
    try:
        parent = process.parent()
        return _runs(process) and (parent is None or parent.ppid() == 0)
    except psutil.Error:
        return False


def _has_engine(process: psutil.Process) -> bool:
    """Whether an engine is above it. Who took over an orphan need not be the system's first process: a session's own
    may, or whatever started the run. One that has ended meanwhile, or is hidden from us, is left alone."""
    try:
        return any(_is_engine(each) for each in process.parents()) or not _runs(process)
    except psutil.Error:
        return True


def _is_engine(process: psutil.Process) -> bool:
    """By its name, or by its executable where a script of that name stands for it."""
    try:
        return _runs(process) and _ENGINE in {process.name(), *(Path(word).name for word in process.cmdline()[:2])}
    except psutil.Error:
        return False
