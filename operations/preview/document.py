"""A plan as data: what one program hands over and another one, which need not trust it, reads and renders. Pure.

The reader takes JSON of exactly these values, bounded in every direction; it runs nothing and keeps no text that is
not one of the plan's own. What the words say is the writer's: `operations.preview.markdown` keeps them text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, replace

from pydantic import ConfigDict, TypeAdapter, ValidationError

from operations.errors import OperationError
from operations.preview.difference import Difference
from operations.preview.plan import Plan

LARGEST = 16_000_000
"""Of a document, in bytes."""
_LONGEST_TEXT, _LONGEST_LIST, _HIGHEST = 10_000, 20_000, 1_000_000
# Of all differences together: a comment holds less, so nobody reads what comes after.
_DIFFERENCES = 200_000
_NAMES = frozenset(field.name for field in fields(Plan))
_INSTEAD = "merge main into the branch, whose make rehearse writes another form, and push it"
_STRICT = ConfigDict(extra="forbid", strict=True, str_max_length=_LONGEST_TEXT)
# Within a tuple each of a plan's classes reads with this configuration; by itself it would have one of its own.
_READER = TypeAdapter(tuple[Plan], config=_STRICT)


def document_of(plan: Plan) -> bytes:
    """The plan as JSON that `plan_in` takes, its longest texts cut."""
    shorter = replace(plan, differences=tuple(_shorter(plan.differences)))
    return json.dumps(_cut(asdict(shorter)), ensure_ascii=False, indent=1).encode("utf-8", "replace")


def plan_in(document: bytes, stack: str) -> Plan:
    """The plan of `stack` in a document. Raises OperationError, whose text quotes nothing of it."""
    if len(document) > LARGEST:
        raise OperationError(f"plan of {stack}: is larger than {LARGEST:,} bytes; make rehearse writes a shorter one")
    try:
        _require_bounds(json.loads(document))
        (plan,) = _READER.validate_json(b"[" + document + b"]")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise OperationError(f"plan of {stack}: {_where(first['loc'][1:])}{first['type']}; {_INSTEAD}") from None
    except (ValueError, RecursionError, OverflowError):
        raise OperationError(f"plan of {stack}: is no JSON, or has more than a plan has; {_INSTEAD}") from None
    if plan.stack != stack:
        raise OperationError(f"plan of {stack}: says that it is of another stack; {_INSTEAD}")
    return plan


def _shorter(differences: Iterable[Difference]) -> Iterator[Difference]:
    room = _DIFFERENCES
    for each in differences:
        room -= sum(len(line) + 1 for line in each.lines)
        yield each if room >= 0 else replace(each, lines=())


def _cut(value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else f"{value[: _LONGEST_TEXT - 1]}…"
    if isinstance(value, dict):
        return {name: _cut(each) for name, each in value.items()}
    return [_cut(each) for each in value] if isinstance(value, (list, tuple)) else value


def _require_bounds(value: object) -> None:
    """Raises ValueError for a list or a number that no plan has."""
    if isinstance(value, (list, dict)):
        if len(value) > _LONGEST_LIST:
            raise ValueError
        for each in value.values() if isinstance(value, dict) else value:
            _require_bounds(each)
    elif isinstance(value, (int, float)) and not 0 <= value <= _HIGHEST:
        raise ValueError


def _where(location: tuple[int | str, ...]) -> str:
    """Only names that are a plan's own: a key that is not known is a stranger's text."""
    known = [str(part) for part in location if isinstance(part, int) or part in _NAMES]
    return f"{'.'.join(known)}: " if known else ""
