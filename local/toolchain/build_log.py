"""What the go command says while it works: how far it is, and what it complains of."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

_NO_ROOM = os.strerror(errno.ENOSPC).lower()
_FETCHING = "go: downloading "


@dataclass(frozen=True)
class BuildLog:
    """`file` holds what `go list` and `go build -v` printed so far; it may still grow, or not be there yet."""

    file: Path

    @property
    def fetched(self) -> int:
        """How many modules were asked of the module proxy."""
        return sum(line.startswith(_FETCHING) for line in self._lines())

    @property
    def compiled(self) -> int:
        """How many packages were compiled or begun: `-v` tells one a line, its import path alone."""
        return sum(" " not in line and not line.endswith(":") for line in self._lines())

    @property
    def complaint(self) -> str:
        """The last line that is no progress, cut to 200 characters; empty if there is none."""
        said = [line for line in self._lines() if " " in line and not line.startswith((_FETCHING, "# "))]
        return said[-1][:200] if said else ""

    @property
    def out_of_room(self) -> bool:
        return any(_NO_ROOM in line.lower() for line in self._lines())

    def _lines(self) -> list[str]:
        try:
            lines = self.file.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []
        return [line.strip() for line in lines if line.strip()]
