"""What types of texts are made of: what the reference calls one, and a pattern with one message."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import AfterValidator

from settings.types.secrets.url_login import quoted


@dataclass(frozen=True, slots=True)
class Holds:
    """Stands in `Annotated` beside what checks a value, and says for the reference what may be written.

    `words` go on from "a list, each", as `a domain`; `example` is for a type of which a field shows none of its own.
    """

    words: str
    example: str = ""


def matching(pattern: str | re.Pattern[str], message: str) -> AfterValidator:
    """Takes a text that has the whole pattern; `message` goes on from the text, as `is not a domain; write it like …`.

    What it returns raises ValueError, as pydantic wants it.
    """
    whole = re.compile(pattern)

    def check(text: str) -> str:
        if not whole.fullmatch(text):
            raise ValueError(f"{quoted(text)} {message}")
        return text

    return AfterValidator(check)
