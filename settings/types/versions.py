"""What a chart's version says: whether it is one, and about the keys that the chart knows."""

from __future__ import annotations

import re

from semver import Version

OTHER_MONGODB_SINCE = (10, 11, 7)
"""From this version of the server's chart on, a clean install has the chart's other MongoDB (contract 6.5)."""
DRAGONFLY_SINCE = (11,)
"""From this version on, the server's chart brings Dragonfly in place of Redis."""

_NUMBERS = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")


def at_least(version: str | None, *floor: int) -> bool:
    """Whether a chart's `version` (`3.2.0`, `v3.2`) is `floor` or later; one that says nothing counts as current."""
    found = _NUMBERS.search(version or "")
    return found is None or tuple(int(part or 0) for part in found.groups()) >= floor


def numbers(version: str) -> tuple[int, ...]:
    """The numbers with which `version` (`3.26.8`, `v11.0.0-rc.1`) begins; empty if it begins with none."""
    found = re.match(r"v?(\d+(?:\.\d+)*)", version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def is_exact(version: str) -> bool:
    """Whether `version` is one; Helm takes anything else, like `6.14` or `^6`, for a range, and the newest in it."""
    return Version.is_valid(version.removeprefix("v"))


def is_older(version: str, floor: str) -> bool:
    """Whether one exact version comes before another; one that is no release, like `3.2.0-rc.1`, before its release."""
    return Version.parse(version.removeprefix("v")) < Version.parse(floor.removeprefix("v"))
