"""What a preview does not know yet, among plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


class _Unknown:
    """Known only when it is made; nobody judges it."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


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
