"""Version numbers as tools print them, and which of them will do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

_NUMBER = re.compile(r"(?<![\w.])v?(\d+)\.(\d+)(?:\.(\d+))?(-[0-9A-Za-z.]+)?")


class Version(NamedTuple):
    """`major.minor.patch`; compares in that order."""

    major: int
    minor: int
    patch: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def parse(text: str) -> Version | None:
    """The first version in `text` (`v3.22.0+g1a2b`, `etcd Version: 3.7.3`, `go1.26.8`), None if there is none.

    A pre-release (`1.37.0-alpha.1`) counts as none: it is not what was asked for.
    """
    match = _NUMBER.search(re.sub(r"\bgo(?=\d)", "", text))
    if match is None or match[4]:
        return None
    return Version(int(match[1]), int(match[2]), int(match[3] or 0))


@dataclass(frozen=True)
class Range:
    """At least `floor`, and the same major (or the same major and minor) number as it."""

    floor: Version
    same: Literal["major", "minor"] = "major"

    def __contains__(self, version: object) -> bool:
        if not isinstance(version, Version) or version < self.floor or version.major != self.floor.major:
            return False
        return self.same == "major" or version.minor == self.floor.minor

    def __str__(self) -> str:
        series = f"{self.floor.major}" if self.same == "major" else f"{self.floor.major}.{self.floor.minor}"
        return f"{series}.x from {self.floor}"
