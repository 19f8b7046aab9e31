"""The per-user cache that checkouts share: one folder per tool, version and machine, complete or absent."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_dir

from local import progress
from local.toolchain import disk
from local.toolchain.machine import Machine
from local.toolchain.tool import InstalledTool, Origin, Tool

_FACTS = "installed.json"
_PARTIAL = ".partial-"


def root() -> Path:
    """`CLEARML_TENANTS_CACHE`, else the user's cache folder."""
    return Path(os.environ.get("CLEARML_TENANTS_CACHE") or user_cache_dir("clearml-tenants")).absolute()


def folder(name: str, version: object, machine: Machine) -> Path:
    return root() / "tools" / name / f"{version}-{machine}"


def log(name: str) -> Path:
    """The log of the last attempt to make `name`; its folder exists."""
    file = root() / "logs" / f"{name}.log"
    with disk.explained(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
    return file


def installed(tool: Tool, machine: Machine) -> InstalledTool | None:
    """The tool at its pinned version, if the cache has it; nothing is run."""
    at = folder(tool.name, tool.version, machine)
    path = at / tool.name
    try:
        origin: Origin = json.loads((at / _FACTS).read_text())["origin"]
    except (OSError, ValueError, KeyError):
        return None
    return InstalledTool(tool.name, str(tool.version), path, origin) if os.access(path, os.X_OK) else None


@contextmanager
def claim(name: str) -> Iterator[None]:
    """Only one process at a time makes `name`; a second one waits and says so. What a killed one left is removed."""
    locks = root() / "locks"
    with disk.explained(locks):
        locks.mkdir(parents=True, exist_ok=True)
    lock = FileLock(locks / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        with progress.step(name, "another checkout is making it; waiting"):
            lock.acquire()
    try:
        for left in (root() / "tools" / name).glob(f"{_PARTIAL}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A new folder for what is on its way into the cache, removed in the end; `claim` removes a killed one's."""
    parent = root() / "tools" / name
    with disk.explained(parent):
        parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=parent))
        try:
            yield partial
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def fresh(target: Path) -> Iterator[Path]:
    """A new folder that becomes `target` in one step when the block ends well, and is removed when it does not."""
    with scratch(target.parent.name) as partial:
        yield partial
        partial.chmod(0o755)
        shutil.rmtree(target, ignore_errors=True)
        partial.replace(target)


def record(partial: Path, origin: Origin) -> None:
    """Note where the content of a fresh folder comes from; a folder without it does not count as installed."""
    (partial / _FACTS).write_text(json.dumps({"origin": origin}))
