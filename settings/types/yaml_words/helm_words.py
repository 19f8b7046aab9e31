"""What an unquoted word of YAML is to `helm -f`: the table of its reader, sigs.k8s.io/yaml, which knows YAML 1.1.

Tried against helm 3.22; tests/field/settings/words/test_yaml_words.py compares the two again where helm is at hand.
"""

from __future__ import annotations

import re

_WORDS: dict[str, bool | None] = {
    **{each: True for word in ("y", "yes", "on", "true") for each in (word, word.capitalize(), word.upper())},
    **{each: False for word in ("n", "no", "off", "false") for each in (word, word.capitalize(), word.upper())},
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
_BASES = {"0x": 16, "0X": 16, "0o": 8, "0O": 8, "0b": 2, "0B": 2}
_OCTAL = re.compile(r"[-+]?0[0-7]+")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"([-+]?)(0[xXoObB])([0-9a-fA-F]+)")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_JSON = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


class NotJsonError(ValueError):
    """A value that Helm refuses: infinity, or none that is a number."""


def meaning(word: str) -> str | bool | int | float | None:
    """What an unquoted scalar means. Raises NotJsonError."""
    if word in _WORDS:
        return _WORDS[word]
    if _NO_JSON.fullmatch(word):
        raise NotJsonError(word)
    digits = word.replace("_", "") if not word.startswith("_") else word
    whole = _whole(digits)
    if whole is not None:
        return whole if _SMALLEST <= whole <= _LARGEST else float(whole)
    if _NUMBER.fullmatch(digits) and not word.startswith(("._", "-_", "+_")):
        number = float(digits)
        return word if number in (float("inf"), float("-inf")) else number
    return word


def _whole(digits: str) -> int | None:
    based = _BASED.fullmatch(digits)
    try:
        if based:
            return int(based[1] + based[3], _BASES[based[2]])
        if _OCTAL.fullmatch(digits):
            return int(digits, 8)
        return int(digits) if _WHOLE.fullmatch(digits) else None
    except ValueError:
        return None


def key(word: str) -> str:
    """What an unquoted key means: Helm makes a text of what the word means. Raises NotJsonError, also for no value."""
    found = meaning(word)
    if found is None:
        raise NotJsonError(word)
    if isinstance(found, bool):
        return "true" if found else "false"
    return f"{found:g}" if isinstance(found, float) else str(found)
