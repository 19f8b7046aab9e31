"""The operating system and processor that tools are installed for, by the names the Go world uses."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from local.errors import LocalError

_PROCESSORS = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class Machine:
    """`os` is linux or darwin, `arch` amd64 or arm64."""

    os: str
    arch: str

    @classmethod
    def this(cls) -> Machine:
        """Raises LocalError on a system that no tool is published for."""
        arch = _PROCESSORS.get(platform.machine().lower())
        if sys.platform not in ("linux", "darwin") or arch is None:
            raise LocalError(
                f"{sys.platform} on {platform.machine()}: the local environment runs on Linux and macOS, "
                "x86-64 or arm64; use such a machine (on Windows: WSL)"
            )
        return cls(sys.platform, arch)

    def __str__(self) -> str:
        return f"{self.os}-{self.arch}"
