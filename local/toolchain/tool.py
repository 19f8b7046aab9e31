"""What is known of a tool before it is installed, and what is known once it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from local.toolchain.machine import Machine
from local.toolchain.version import Range, Version

Origin = Literal["PATH", "release", "built"]


@dataclass(frozen=True)
class InstalledTool:
    """A tool ready to run. `version` has no leading v; `path` is absolute."""

    name: str
    version: str
    path: Path
    origin: Origin


@dataclass(frozen=True)
class Asset:
    """One file of a release. `folder` is where the executables lie inside the archive, empty for its top."""

    url: str
    checksums: str
    folder: str = ""

    @property
    def file(self) -> str:
        return self.url.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Release:
    """Where the publisher puts a release; the templates know {version}, {os}, {arch} and {suffix}.

    `checksums` is the list (or the single sum) that the publisher puts beside it, or the GitHub description of the
    release, which has a digest per file. Only `systems` are published.
    """

    url: str
    checksums: str
    folder: str = ""
    systems: tuple[str, ...] = ("linux", "darwin")
    arch_names: Mapping[str, str] = field(default_factory=dict)
    suffixes: Mapping[str, str] = field(default_factory=dict)

    def asset(self, version: Version, machine: Machine) -> Asset | None:
        if machine.os not in self.systems:
            return None
        words = {
            "version": str(version),
            "os": machine.os,
            "arch": self.arch_names.get(machine.arch, machine.arch),
            "suffix": self.suffixes.get(machine.os, ""),
        }
        url, checksums, folder = (text.format(**words) for text in (self.url, self.checksums, self.folder))
        return Asset(url, checksums, folder)


@dataclass(frozen=True)
class Source:
    """A main package of a Go module folder beside this file; `variables` are set by the linker, `seconds` is a cold
    build of it alone on two quiet cores. `beside` are files of the package `data` that the executable reads where it
    lies."""

    module: str
    package: str
    seconds: int
    variables: Mapping[str, str] = field(default_factory=dict)
    data: str = ""
    beside: tuple[str, ...] = ()

    @property
    def executable(self) -> str:
        """What the go command calls it: the path's last element that is no major version."""
        *_, last = (part for part in self.package.split("/") if not re.fullmatch(r"v[0-9]+", part))
        return last


@dataclass(frozen=True)
class ColdBuild:
    """What all tools of a Go module folder take with empty caches: seconds on two quiet cores, GB in Go's caches.

    `shared` are the seconds that it takes less after the environment's.
    """

    seconds: int
    gigabytes: float
    shared: int = 0


@dataclass(frozen=True)
class Tool:
    """`probe` are the arguments that make it print its version; `accepts` is what will do when found on PATH."""

    name: str
    version: Version
    accepts: Range
    probe: tuple[str, ...]
    release: Release
    source: Source
