"""A suitable tool that the user has already, found on PATH."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local import progress
from local.checkout import Checkout
from local.toolchain import cache
from local.toolchain.tool import InstalledTool, Tool
from local.toolchain.version import Version, parse

_SECONDS = 20


def suitable(tool: Tool) -> InstalledTool | None:
    """The first one on PATH whose version will do. An unsuitable or broken one is passed over, with a note once."""
    for path in _candidates(tool.name):
        version = _version(tool, path)
        if version in tool.accepts:
            return InstalledTool(tool.name, str(version), path, "PATH")
    return None


def probe(tool: Tool, path: Path) -> Version | None:
    """The version that running it tells, None if it does not run or tells none.

    It runs in an empty home, as it will later: nothing of the user's own is read or written.
    """
    with tempfile.TemporaryDirectory() as home:
        own = {"HOME": home, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        try:
            run = subprocess.run(
                [str(path), *tool.probe],
                env={**os.environ, **own},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    return parse(run.stdout) if run.returncode == 0 else None


def _candidates(name: str) -> Iterator[Path]:
    """Executables called `name` on PATH, except links to what this cache holds and this checkout's own links."""
    cached = cache.root().resolve()
    own = Checkout.current().bin
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(folder or ".").absolute() / name
        if path.parent != own and path.is_file() and os.access(path, os.X_OK) and cached not in path.resolve().parents:
            yield path


def _version(tool: Tool, path: Path) -> Version | None:
    """As probed; a file that has not changed since is not run again."""
    memory = _remembered()
    stat = path.stat()
    mark = [stat.st_mtime_ns, stat.st_size]
    known = memory.get(str(path))
    if isinstance(known, dict) and known.get("mark") == mark:
        return parse(known.get("version") or "")
    version = probe(tool, path)
    if version not in tool.accepts:
        what = f"is {version}" if version else "does not run or tells no release version"
        progress.note(f"{tool.name}: {path} {what}, wanted {tool.accepts}: passed over")
    memory[str(path)] = {"mark": mark, "version": str(version) if version else None}
    _remember(memory)
    return version


def _memory_file() -> Path:
    return cache.root() / "seen-on-path.json"


def _remembered() -> dict[str, Any]:
    try:
        memory = json.loads(_memory_file().read_text())
    except (OSError, ValueError):
        return {}
    return memory if isinstance(memory, dict) else {}


def _remember(memory: dict[str, Any]) -> None:
    """Best effort: without it the next run only asks again."""
    file = _memory_file()
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(memory))
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
