"""Characters of a name that nobody sees where they stand: a message says them by name."""

from __future__ import annotations

from unicodedata import category

from settings.types.letters.confusable import is_blank
from settings.types.secrets.url_login import quoted

_NAMES = {"\n": "a line break", "\r": "a line break", "\u2028": "a line break", "\u2029": "a line break", "\t": "a tab"}


def refuse_unseen(text: str, what: str, example: str) -> None:
    """Said by itself, as nobody sees it in a file. Raises ValueError."""
    if not text.strip():
        return
    if text != text.strip():
        end = "a line break" if text.strip(" \t") != text.strip() else "a space"
        hint = " (in YAML, `>-` and `|-` leave that out)" if end == "a line break" and text[-1] == "\n" else ""
        raise ValueError(f"{quoted(text)} is not {what}: it starts or ends with {end}{hint}; write it like {example}")
    if found := next((each for each in text if not each.isprintable() or is_blank(each)), None):
        raise ValueError(f"{quoted(text)} is not {what}: it holds {_name(found)}; write it like {example}")


def _name(character: str) -> str:
    kind = "a space of another kind" if category(character).startswith("Z") else "an invisible character"
    return _NAMES.get(character) or f"{kind}, U+{ord(character):04X}"
