"""Versions without quotes, which YAML reads as numbers: of `tag: 7.0` a chart makes an image with the tag `7`."""

from __future__ import annotations

import re
from decimal import Decimal

# How charts call what is a text and looks like a number.
_OF_VERSIONS = re.compile(r"(?:.*[a-z0-9_-])?(?:Tag|tag|Version|version|Digest|digest|Revision|revision)")


def written_otherwise(key: str, word: str, found: str | bool | int | float | None) -> str:
    """What a chart writes for the version `word` at `key` that YAML reads as `found`; empty if that is the word.

    Nothing at all takes a chart's default away, as is meant.
    """
    if isinstance(found, str) or found is None or not _OF_VERSIONS.fullmatch(key):
        return ""
    written = ("true" if found else "false") if isinstance(found, bool) else _number(float(found))
    return written if written != word else ""


def _number(number: float) -> str:
    """As a template prints it: Go's shortest form, with an exponent from a million on."""
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    figures, power = "".join(map(str, digits)), len(digits) + int(exponent) - 1
    if number and -5 < power < 6:
        return f"{number:.0f}" if number.is_integer() else repr(number)
    if not number:
        return "0"
    rest = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{'-' if sign else ''}{figures[0]}{rest}e{'-' if power < 0 else '+'}{abs(power):02d}"
