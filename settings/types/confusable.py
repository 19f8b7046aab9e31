"""Names that look alike: in other alphabets, in other forms of the same letters. Pure."""

from __future__ import annotations

import re
from unicodedata import name, normalize

# Small letters of other alphabets, each beside the Latin one that it is taken for.
_ALIKE = str.maketrans(
    "\u0430\u0432\u0435\u0456\u0457\u0458\u043a\u043c\u043d\u043e\u0440"
    "\u0441\u0442\u0443\u0445\u0455\u0501\u0261\u04bb\u04cf\u051b\u051d"
    "\u03b1\u03b2\u03b3\u03b5\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9\u0131\u0578\u057d\u0585",
    "abeiijkmhopctyxsdghlqwabyenikuvoptuxwinuo",
)
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")


def skeleton(text: str) -> str:
    """What `text` is compared by: the same for every text that looks like it. A browser shows many spaces as one."""
    return " ".join(normalize("NFKC", normalize("NFKC", text).casefold()).translate(_ALIKE).split())


def mixed_word(text: str) -> str:
    """The first word that has letters of several alphabets which look alike; empty if there is none."""
    return next((word for word in re.findall(r"\w+", text) if len(_alphabets(word)) > 1), "")


def _alphabets(word: str) -> set[str]:
    """Which of the alphabets that are taken for each other the word's letters are of."""
    names = (name(letter, "") for letter in word if letter.isalpha())
    words = {word for each in names for word in each.split()[:2]}
    return words.intersection(_ALPHABETS)
