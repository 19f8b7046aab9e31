"""What a preview does not know yet, among plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


class _Unknown:
    """Known only when it is made; nobody judges it."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()
MARKS: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""What the engine writes in its place: a text, bool, number, list, asset, archive or object (its `plugin/rpc.go`)."""


def replace_unknown(value: object, otherwise: object) -> object:
    """`value` with `otherwise` in each place that a preview does not know yet."""
    if value is UNKNOWN:
        return otherwise
    if isinstance(value, Mapping):
        return {key: replace_unknown(each, otherwise) for key, each in value.items()}
    return [replace_unknown(each, otherwise) for each in value] if isinstance(value, list) else value


def at(value: object, *path: str) -> object:
    """What stands at `path`; None if nothing does, UNKNOWN if that or something above it is not known."""
    for part in path:
        if value is UNKNOWN:
            return UNKNOWN
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
