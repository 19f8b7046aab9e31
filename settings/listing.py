"""Names in a sentence: the first few, and how many more there are, since a stack may have a thousand. Pure."""

from __future__ import annotations

from collections.abc import Collection


def listing(names: Collection[str], most: int = 5) -> str:
    """The first of `names` in their order, and how many more; empty of none."""
    more = len(names) - most
    return ", ".join([*names][:most]) + (f" and {more:,} more" if more > 0 else "")
