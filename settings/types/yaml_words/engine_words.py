"""What an unquoted word of YAML is to the engine, which reads the stack's file, too: yaml.v3, where `on` is a text.

Tried against pulumi 3.276; tests/field/settings/words/test_engine_words.py asks the engine again.
"""

from __future__ import annotations

import re

from settings.types.yaml_words import helm_words

_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9].*)?")
_BOOLS = {each: word == "true" for word in ("true", "false") for each in (word, word.capitalize(), word.upper())}


def is_date(word: str) -> bool:
    """Whether the engine makes a moment of it, and another text of that."""
    return bool(_DATE.fullmatch(word))


def meaning(word: str) -> str | bool | int | float | None:
    """What an unquoted scalar means; of a date its text. Raises NotJsonError."""
    if word in _BOOLS:
        return _BOOLS[word]
    found = helm_words.meaning(word)
    return word if isinstance(found, bool) else found


def key(word: str) -> str:
    """What an unquoted key means; a word like `on` is a text here. Raises NotJsonError, also for no value."""
    return word if isinstance(meaning(word), str) else helm_words.key(word)
