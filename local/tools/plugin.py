"""Pulumi's official resource plugins, downloaded into the same cache as the tools."""

from __future__ import annotations

import os
import time
from pathlib import Path

from local import progress
from local.tools import cache
from local.tools.catalogue import plugin_release
from local.tools.install import RUN
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
    refusal = cache.root() / "refused" / f"{plugin}-{number}"
    if not again and _recent(refusal):
        return None
    try:
        with cache.claim(plugin), progress.step(plugin, f"downloading {number}", estimate=15):
            if not (target / plugin).is_file():
                with cache.fresh(target) as partial:
                    downloads.fetch(asset, plugin, partial)
    except NotToBeHadError as reason:
        refusal.parent.mkdir(parents=True, exist_ok=True)
        refusal.write_text(f"{reason}\n")
        return None
    refusal.unlink(missing_ok=True)
    return target / plugin


def _recent(refusal: Path) -> bool:
    try:
        return time.time() - refusal.stat().st_mtime < _ASK_AGAIN_SECONDS
    except OSError:
        return False
