"""A tool built from its Go module, pinned by the `go.sum` beside it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from local.errors import LocalError
from local.tools import cache, disk
from local.tools.catalogue import BUILD_GB
from local.tools.go import MODULES, Go
from local.tools.machine import Machine
from local.tools.tool import Tool

_NO_ROOM = os.strerror(errno.ENOSPC).lower()


def require_room(tools: Iterable[Tool], go: Go) -> None:
    """Raise LocalError unless the caches' disks have room for a cold build of all these."""
    modules = {tool.source.module for tool in tools}
    run = subprocess.run(
        [str(go.path), "env", "-json", "GOCACHE", "GOMODCACHE"],
        cwd=MODULES / "etcd",
        env=go.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    places = json.loads(run.stdout).values() if run.returncode == 0 else []
    disk.require([cache.root(), *map(Path, places)], sum(BUILD_GB.get(module, 1.0) for module in modules))


def build(tool: Tool, machine: Machine, go: Go, folder: Path) -> None:
    """Build `tool` into `folder`. Raises LocalError naming the log when the build fails."""
    log = cache.log(tool.name)
    command = [str(go.path), "build", "-trimpath", "-ldflags", tool.source.ldflags]
    with log.open("w") as out:
        run = subprocess.run(
            [*command, "-o", str(folder / tool.name), tool.source.package],
            cwd=MODULES / tool.source.module,
            # Scratch files lie in the unfinished folder, so they go when it goes.
            env={**go.environment(), "GOOS": machine.os, "GOARCH": machine.arch, "GOTMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if run.returncode:
        raise LocalError(_failure(tool, log, run.returncode))
    _lay_beside(tool, go, folder)


def _lay_beside(tool: Tool, go: Go, folder: Path) -> None:
    source = tool.source
    if not source.beside:
        return
    # `-e`: the package may embed files that only its own repository's build makes.
    run = subprocess.run(
        [str(go.path), "list", "-e", "-find", "-f", "{{.Dir}}", source.data],
        cwd=MODULES / source.module,
        env=go.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        for name in source.beside:
            shutil.copyfile(Path(run.stdout.strip()) / name, folder / name)
    except OSError as cause:
        raise LocalError(f"{tool.name}: {cause.filename}: {cause.strerror}: {source.data} is not whole") from cause


def _failure(tool: Tool, log: Path, code: int) -> str:
    said = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    last = said[-1][:200] if said else f"exit code {code}"
    if any(_NO_ROOM in line.lower() for line in said):
        return f"{tool.name}: the build ran out of disk ({log}): make room, all tools take about 6 GB, then run again"
    return (
        f"{tool.name} {tool.version}: no release could be downloaded and the Go build failed: {last} (log: {log}): "
        f"mend that and run again, or put {tool.name} {tool.accepts} on PATH"
    )
