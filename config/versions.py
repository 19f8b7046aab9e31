"""What a chart's version says about the keys it knows."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")


def at_least(version: str | None, *floor: int) -> bool:
    """Whether a chart's `version` (`3.2.0`, `v3.2`) is `floor` or later; one that says nothing counts as current."""
    found = _NUMBERS.search(version or "")
    return found is None or tuple(int(part or 0) for part in found.groups()) >= floor
