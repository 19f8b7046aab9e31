"""All tools made ready: from PATH, from the cache, from a release, from a build, in that order."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping

from local import progress
from local.tools import cache, on_path
from local.tools.build import build, require_room
from local.tools.catalogue import ALL, CATALOGUE
from local.tools.go import Go, find_go
from local.tools.machine import Machine
from local.tools.release import Downloads, NotToBeHadError
from local.tools.tool import InstalledTool, Tool

RUN = Downloads()
"""The downloads of this process: tools and plugins share one refusal."""


def install_tools(
    names: Iterable[str] = ALL, catalogue: Mapping[str, Tool] = CATALOGUE, downloads: Downloads = RUN
) -> dict[str, InstalledTool]:
    """Every named tool, installed into the per-user cache where it is missing; a moment's work where none is.

    Raises LocalError, one line: a checksum that does not match, no disk, no Go, a failed build.
    """
    machine = Machine.this()
    wanted = [catalogue[name] for name in names]
    tools = _present(wanted, machine)
    missing = [tool for tool in wanted if tool.name not in tools]
    if not missing:
        return tools
    minutes = sum(tool.source.seconds for tool in missing) / 60
    progress.note(f"tools: {len(missing)} to install into {cache.root()}, {minutes:.0f} min if they have to be built")
    go = _first_build(missing, machine)
    for number, tool in enumerate(missing, 1):
        tools[tool.name] = _install(tool, f"{tool.name} (tool {number} of {len(missing)})", machine, downloads, go)
    return {tool.name: tools[tool.name] for tool in wanted}


def present_tools(names: Iterable[str] = ALL, catalogue: Mapping[str, Tool] = CATALOGUE) -> dict[str, InstalledTool]:
    """Those of the named tools that `install_tools` would use without installing anything, for `make status`."""
    return _present([catalogue[name] for name in names], Machine.this())


def _present(wanted: Iterable[Tool], machine: Machine) -> dict[str, InstalledTool]:
    found = ((tool.name, on_path.suitable(tool) or cache.installed(tool, machine)) for tool in wanted)
    return {name: tool for name, tool in found if tool is not None}


def _first_build(missing: list[Tool], machine: Machine) -> Callable[[], Go]:
    """Go, looked for once and only when something has to be built; then the disk is asked for room, too."""

    @functools.cache
    def go() -> Go:
        found = find_go(machine)
        require_room((tool for tool in missing if cache.installed(tool, machine) is None), found)
        return found

    return go


def _install(tool: Tool, title: str, machine: Machine, downloads: Downloads, go: Callable[[], Go]) -> InstalledTool:
    with cache.claim(tool.name):
        there = cache.installed(tool, machine)  # made by another checkout while this one waited
        if there is None:
            if not _from_release(tool, title, machine, downloads):
                from_source(tool, title, machine, go())
            there = cache.installed(tool, machine)
    assert there is not None  # noqa: S101 - both ways above end with it in the cache or with an error
    return there


def _from_release(tool: Tool, title: str, machine: Machine, downloads: Downloads) -> bool:
    """Whether the official release is now in the cache. A refusal is told once a run."""
    asset = tool.release.asset(tool.version, machine)
    if asset is None:
        progress.note(f"{tool.name}: no official release for {machine.os}")
        return False
    told = downloads.refused
    try:
        downloading = progress.step(title, f"downloading {tool.version}", estimate=10)
        with downloading, cache.fresh(cache.folder(tool.name, tool.version, machine)) as partial:
            downloads.fetch(asset, tool.name, partial)
            if on_path.probe(tool, partial / tool.name) is None:
                raise NotToBeHadError(f"{asset.url}: does not run on this machine")  # noqa: TRY301
            cache.record(partial, "release")
    except NotToBeHadError as reason:
        if not told:
            progress.note(f"{tool.name}: {reason}: building from Go modules instead")
        return False
    return True


def from_source(tool: Tool, title: str, machine: Machine, go: Go) -> None:
    """Build it into the cache, visibly. Raises LocalError."""
    building = progress.step(title, f"building {tool.version} from Go modules", estimate=tool.source.seconds)
    with building, cache.fresh(cache.folder(tool.name, tool.version, machine)) as partial:
        build(tool, machine, go, partial)
        cache.record(partial, "built")
