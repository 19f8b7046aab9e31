"""The page of assumptions, made from the register: `make schema` writes it into `docs/contract/assumptions.md`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

from pydantic import TypeAdapter

from local.emulator.configuration.assumptions import VARIABLE, Assumptions

PAGE = Path(__file__).resolve().parents[3] / "docs" / "contract" / "assumptions.md"
_HEAD = f"""\
# Assumptions

What the emulator had to decide where the contract is silent or open, made from
`local/emulator/configuration/assumptions.py`; edit that, not this.
`{VARIABLE}` in its environment switches readings, as JSON: `{{"settings_lists_replace": false}}`.

| Assumption | Sections | Values | Default | Reading |
|---|---|---|---|---|
"""
_DESCRIPTION = re.compile(r"\[(?P<sections>\d+(?:\.\d+)?(?:, \d+(?:\.\d+)?)*)\] (?P<reading>.+)", re.DOTALL)


def text() -> str:
    """The whole page: one row for each assumption, in the register's order. Raises ValueError, see `sections`."""
    return _HEAD + "".join(_rows())


def sections(description: str) -> tuple[str, str]:
    """The sections an assumption's docstring begins with, and its reading on one line. Raises ValueError without."""
    match = _DESCRIPTION.fullmatch(description)
    if match is None:
        raise ValueError(f"an assumption begins with its sections, like [2.5]: {description!r}")
    return match["sections"], " ".join(match["reading"].split())


def _rows() -> Iterator[str]:
    schema = TypeAdapter(Assumptions).json_schema()["properties"]
    for field in fields(Assumptions):
        stated, reading = sections(schema[field.name].get("description", ""))
        cells = (f"`{field.name}`", stated, _values(schema[field.name]), _default(field.default), reading)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _values(schema: dict[str, object]) -> str:
    """What may be chosen, from the field's JSON schema."""
    choices = schema.get("enum")
    if isinstance(choices, list):
        return ", ".join(f"`{json.dumps(choice)}`" for choice in choices)
    return {"boolean": "true, false", "integer": "a number", "array": "a list of texts"}.get(
        str(schema.get("type")), "a text"
    )


def _default(value: object) -> str:
    return "" if value is None or value is MISSING else f"`{json.dumps(value)}`"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
