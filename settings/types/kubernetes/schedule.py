"""When something runs, as Kubernetes' CronJob reads it; `cron` of other systems knows more and less. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator

from settings.types.secrets.url_login import quoted
from settings.types.texts import Holds

_MACROS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_EVERY = re.compile(r"@every (?=[0-9])(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# Name, first and last number, and what stands for the numbers from the first on. Sunday is 0 and not 7.
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_PART = re.compile(r"(?:[*?]|(\w+)(?:-(\w+))?)(?:/([0-9]+))?")


def _schedule(text: str) -> str:
    if text in _MACROS or _EVERY.fullmatch(text):
        return text
    fields = text.split(" ")
    if len(fields) != len(_FIELDS) or text.startswith("@"):
        raise ValueError(f"{quoted(text)} is no schedule of five fields; write it like '0 */6 * * *' or '@hourly'")
    for field, (name, first, last, names) in zip(fields, _FIELDS, strict=True):
        if not all(_is_part(part, first, last, names) for part in field.split(",")):
            raise ValueError(
                f"{quoted(text)} is no schedule: {quoted(field)} is no {name} from {first} to {last}; "
                "write it like '0 */6 * * *'"
            )
    return text


def _is_part(part: str, first: int, last: int, names: Sequence[str]) -> bool:
    """Whether it is `*`, a number or a range of them, each perhaps with a step."""
    match = _PART.fullmatch(part)
    if match is None or (match[3] is not None and int(match[3]) == 0):
        return False
    if match[1] is None:
        return True
    start, end = (_number(each, first, names) for each in (match[1], match[2] or match[1]))
    return first <= start <= end <= last


def _number(word: str, first: int, names: Sequence[str]) -> int:
    """-1 for none."""
    if word.lower() in names:
        return first + names.index(word.lower())
    return int(word) if word.isascii() and word.isdigit() else -1


Schedule = Annotated[str, Holds("a schedule, as Kubernetes' CronJob reads it"), AfterValidator(_schedule)]
