"""Tools built from source into the cache: all that are missing at once, one build at a time on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from local.toolchain import cache, disk
from local.toolchain.build import build
from local.toolchain.catalogue import COLD_BUILDS, ENVIRONMENT
from local.toolchain.go import Go, find_go
from local.toolchain.machine import Machine
from local.toolchain.tool import Tool


def from_source(tools: Iterable[Tool], machine: Machine) -> None:
    """Build those that the cache does not have, visibly, module after module in the order given.

    Raises LocalError: no Go, no room, or the first module of which something failed.
    """
    with cache.claim("build"):
        # Another checkout may have made some while this one waited.
        missing = [tool for tool in tools if cache.installed(tool, machine) is None]
        if not missing:
            return
        go = find_go(machine)
        _require_room(missing, go)
        for module in dict.fromkeys(tool.source.module for tool in missing):
            _build([tool for tool in missing if tool.source.module == module], machine, go)


def _build(tools: list[Tool], machine: Machine, go: Go) -> None:
    with cache.scratch("build") as folder:
        try:
            build(tools, go, folder)
        finally:
            for tool in tools:
                if (folder / tool.name).exists():
                    with cache.fresh(cache.folder(tool.name, tool.version, machine)) as partial:
                        (folder / tool.name).replace(partial)
                        cache.record(partial, "built")


def _require_room(tools: Iterable[Tool], go: Go) -> None:
    """Raise LocalError unless the caches' disks have room for a cold build of all these."""
    run = go.run(ENVIRONMENT, "env", "-json", "GOCACHE", "GOMODCACHE")
    places = json.loads(run.stdout).values() if run.returncode == 0 else []
    modules = {tool.source.module for tool in tools}
    disk.require([cache.root(), *map(Path, places)], sum(COLD_BUILDS[module].gigabytes for module in modules))
