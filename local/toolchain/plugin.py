"""Pulumi's official resource plugins, downloaded or built into the same cache as the tools."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

from local import progress
from local.errors import LocalError
from local.toolchain import cache
from local.toolchain.catalogue import PLUGINS, plugin_release
from local.toolchain.machine import Machine
from local.toolchain.releases.release import RUN, Downloads, NotToBeHadError
from local.toolchain.tool import Release, Tool
from local.toolchain.version import parse

_ASK_AGAIN_SECONDS = 3600


def official_plugin(
    name: str, version: str, *, again: bool = False, release: Release | None = None, downloads: Downloads = RUN
) -> Path | None:
    """The executable `pulumi-resource-<name>` of that version (`4.29.0`), None if its release cannot be downloaded.

    A refusal is remembered for an hour, so that a closed machine does not wait for it in every command; `again` asks
    anyway. Raises LocalError for a checksum that does not match and for a full disk.
    """
    number = parse(version)
    machine = Machine.this()
    asset = (release or plugin_release(name)).asset(number, machine) if number else None
    if asset is None:
        return None
    plugin = f"pulumi-resource-{name}"
    target = cache.folder(plugin, number, machine)
    if os.access(target / plugin, os.X_OK):
        return target / plugin
    refusal = _refusal(plugin, number)
    if not again and _recent(refusal):
        return None
    try:
        with cache.claim(plugin), progress.step(plugin, f"downloading {number}", estimate=15):
            if not (target / plugin).is_file():
                with cache.fresh(target) as partial:
                    downloads.fetch(asset, plugin, partial)
    except NotToBeHadError as reason:
        _remember(refusal, reason)
        return None
    refusal.unlink(missing_ok=True)
    return target / plugin


def built_plugin(name: str) -> Path | None:
    """The executable that `install_tools` built; nothing is built."""
    there = cache.installed(PLUGINS[name], Machine.this()) if name in PLUGINS else None
    return there.path if there else None


def to_build(names: Iterable[str], *, again: bool = False) -> list[Tool]:
    """Those of these providers' plugins that are Go modules and not built yet; one that failed within the hour only
    `again`."""
    known = [PLUGINS[name] for name in names if name in PLUGINS and not built_plugin(name)]
    return [tool for tool in known if again or not _recent(_refusal(tool.name, "built"))]


def remember_unbuilt(tools: Iterable[Tool], reason: LocalError) -> None:
    """Note, for a person and for the next hour, why those of the plugins are not built that are not."""
    for tool in tools:
        if cache.installed(tool, Machine.this()) is None:
            _remember(_refusal(tool.name, "built"), reason)
            progress.note(f"plugins: {tool.name} is not built: {reason}")


def _refusal(plugin: str, what: object) -> Path:
    return cache.root() / "refused" / f"{plugin}-{what}"


def _remember(refusal: Path, reason: Exception) -> None:
    refusal.parent.mkdir(parents=True, exist_ok=True)
    refusal.write_text(f"{reason}\n")


def _recent(refusal: Path) -> bool:
    try:
        return time.time() - refusal.stat().st_mtime < _ASK_AGAIN_SECONDS
    except OSError:
        return False
