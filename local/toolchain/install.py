"""All tools made ready: from PATH, from the cache, from a release, from a build, in that order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from local import progress
from local.errors import LocalError
from local.toolchain import cache, on_path, plugin
from local.toolchain.build import seconds
from local.toolchain.catalogue import ALL, CATALOGUE
from local.toolchain.machine import Machine
from local.toolchain.releases.release import RUN, Downloads, NotToBeHadError
from local.toolchain.source import from_source
from local.toolchain.tool import InstalledTool, Tool


def install_tools(
    names: Iterable[str] = ALL,
    catalogue: Mapping[str, Tool] = CATALOGUE,
    downloads: Downloads = RUN,
    *,
    plugins: Iterable[str] = (),
    again: bool = False,
) -> dict[str, InstalledTool]:
    """Every named tool, installed into the per-user cache where it is missing; a moment's work where none is.

    What has to be built is built at once, and after it the official plugins of these providers, where that is possible.
    That a plugin cannot be built is told, not raised: what is used then is for `choose` to say. It is remembered for an
    hour unless `again`.
    Raises LocalError, one line: a checksum that does not match, no disk, no Go, a failed build.
    """
    machine = Machine.this()
    wanted = [catalogue[name] for name in names]
    tools = _present(wanted, machine)
    missing = [tool for tool in wanted if tool.name not in tools]
    beside = plugin.to_build(plugins, again=again)
    if missing or beside:
        _tell_estimate([*missing, *beside])
        refusals: set[str] = set()
        unbuilt = [tool for tool in missing if not _download(tool, machine, downloads, refusals)]
        _build(unbuilt, beside, machine)
        tools |= _present(missing, machine)
    return {tool.name: tools[tool.name] for tool in wanted}


def present_tools(names: Iterable[str] = ALL, catalogue: Mapping[str, Tool] = CATALOGUE) -> dict[str, InstalledTool]:
    """Those of the named tools that `install_tools` would use without installing anything, for `make status`."""
    return _present([catalogue[name] for name in names], Machine.this())


def _present(wanted: Iterable[Tool], machine: Machine) -> dict[str, InstalledTool]:
    found = ((tool.name, on_path.suitable(tool) or cache.installed(tool, machine)) for tool in wanted)
    return {name: tool for name, tool in found if tool is not None}


def _tell_estimate(tools: list[Tool]) -> None:
    minutes = seconds(tools) / 60
    progress.note(f"tools: {len(tools)} to install into {cache.root()}, {minutes:.0f} min if they have to be built")


def _download(tool: Tool, machine: Machine, downloads: Downloads, refusals: set[str]) -> bool:
    """Whether the official release is now in the cache. A reason that is among the `refusals` is not told again."""
    with cache.claim(tool.name):
        if cache.installed(tool, machine):  # made by another checkout while this one waited
            return True
        asset = tool.release.asset(tool.version, machine)
        if asset is None:
            progress.note(f"{tool.name}: no official release for {machine.os}")
            return False
        try:
            downloading = progress.step(tool.name, f"downloading {tool.version}", estimate=10)
            with downloading, cache.fresh(cache.folder(tool.name, tool.version, machine)) as partial:
                downloads.fetch(asset, tool.name, partial)
                if on_path.probe(tool, partial / tool.name) is None:
                    raise NotToBeHadError(f"{asset.url}: does not run on this machine")  # noqa: TRY301
                cache.record(partial, "release")
        except NotToBeHadError as reason:
            if str(reason) not in refusals:
                progress.note(f"{tool.name}: {reason}: building from Go modules instead")
            refusals.add(str(reason))
            return False
        return True


def _build(tools: list[Tool], plugins: list[Tool], machine: Machine) -> None:
    """Build all of them into the cache, tools first. Raises LocalError if one of these is missing then."""
    try:
        from_source([*tools, *plugins], machine)
    except LocalError as reason:
        if any(cache.installed(tool, machine) is None for tool in tools):
            raise
        plugin.remember_unbuilt(plugins, reason)
