"""Pulumi's official resource plugins, downloaded or built into the same cache as the tools."""

from __future__ import annotations

import os
import time
from pathlib import Path

from local import progress
from local.errors import LocalError
from local.tools import cache
from local.tools.build import require_room
from local.tools.catalogue import PLUGINS, plugin_release
from local.tools.go import find_go
from local.tools.install import RUN, from_source
from local.tools.machine import Machine
from local.tools.release import Downloads, NotToBeHadError
from local.tools.tool import Release
from local.tools.version import parse

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
    """The executable that `build_plugin` left in the cache; nothing is built."""
    there = cache.installed(PLUGINS[name], Machine.this()) if name in PLUGINS else None
    return there.path if there else None


def build_plugin(name: str, *, again: bool = False) -> None:
    """Build the official plugin from its Go module, visibly, where that is possible and was not done before.

    A failure is told, not raised: whether a stand-in does is for `choose` to say. It is remembered for an hour unless
    `again`.
    """
    if name not in PLUGINS or built_plugin(name):
        return
    tool, machine = PLUGINS[name], Machine.this()
    refusal = _refusal(tool.name, "built")
    if not again and _recent(refusal):
        return
    try:
        go = find_go(machine)
        require_room([tool], go)
        with cache.claim(tool.name):
            if not built_plugin(name):
                from_source(tool, tool.name, machine, go)
    except LocalError as reason:
        _remember(refusal, reason)
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
