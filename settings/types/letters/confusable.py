"""Names that look alike: in other alphabets, in other forms of the same letters. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from unicodedata import name, normalize

import idna

# Small letters of other alphabets, each beside the Latin one that it is taken for.
_ALIKE = str.maketrans(
    "\u0430\u0432\u0435\u0456\u0457\u0458\u043a\u043c\u043d\u043e\u0440"
    "\u0441\u0442\u0443\u0445\u0455\u0501\u0261\u04bb\u04cf\u051b\u051d"
    "\u03b1\u03b2\u03b3\u03b5\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9\u0131\u0578\u057d\u0585",
    "abeiijkmhopctyxsdghlqwabyenikuvoptuxwinuo",
)
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")


# They stand for a number and a letter alike.
_DIGITS = str.maketrans("01|", "oll")
# They show nothing, or change how the letter before looks, and count as letters or marks all the same.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0\u034f"
_UNSEEN = re.compile(f"[{_BLANK}\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Marks of the Latin kind that no letter was joined with; those of other scripts are letters of theirs.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
# Under or through a letter, where a line of text hides them: a dot, a hook, a comma, a line.
_BELOW = re.compile("[\u0316-\u0333\u0339-\u033c]")
_PUNYCODE = "xn--"
_SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])")
_END = re.compile(r"[.,;:!]+(?=\s|\Z)")


def skeleton(text: str) -> str:
    """What `text` is compared by: the same for every text that looks like it. A browser shows many spaces as one."""
    folded = normalize("NFKC", normalize("NFKC", _UNSEEN.sub("", text)).casefold())
    folded = normalize("NFC", _BELOW.sub("", normalize("NFD", folded)))
    latin = "".join(map(_as_latin, _MARKS.sub("", folded))).translate(_ALIKE)
    return " ".join(_END.sub("", latin).translate(_DIGITS).split())


def is_blank(letter: str) -> bool:
    """Whether it counts as a letter or a mark, and shows nothing."""
    return letter in _BLANK


def disguise_of(host: str) -> str:
    """How a browser shows a `host` whose letters look like those of a host without such letters; empty if none do."""
    shown = meaning_of(host)
    # Nobody takes this one for the two that it is folded to.
    is_plain = shown.replace("\u00df", "").isascii()
    return shown if not is_plain and (mixed_word(shown) or skeleton(shown).isascii()) else ""


def meaning_of(host: str) -> str:
    """A canonical host in the letters that its `xn--` parts stand for; empty if they stand for none."""
    if _PUNYCODE not in host:
        return host
    for decode in (idna.decode, lambda text: text.encode("ascii").decode("idna")):
        with suppress(UnicodeError):
            shown = decode(host)
            return shown if _PUNYCODE not in shown else ""
    return ""


def _as_latin(letter: str) -> str:
    found = _SMALL_CAPITAL.fullmatch(name(letter, "")) if letter > "\u00ff" else None
    return found[1].lower() if found else letter


def mixed_word(text: str) -> str:
    """The first word that has letters of several alphabets which look alike; empty if there is none."""
    return next((word for word in re.findall(r"\w+", text) if len(_alphabets(word)) > 1), "")


def mixed_label(host: str) -> str:
    """The first label of a host, in letters, that has such letters of several alphabets; empty if there is none."""
    return next((label for label in host.split(".") if mixed_word(label.replace("-", ""))), "")


def _alphabets(word: str) -> set[str]:
    """Which of the alphabets that are taken for each other the word's letters are of."""
    names = (name(letter, "") for letter in word if letter.isalpha())
    words = {word for each in names for word in each.split()[:2]}
    return words.intersection(_ALPHABETS)
