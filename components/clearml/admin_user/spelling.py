"""An e-mail stays spelt as it was sent: the server stores it as given and matches it exactly (contract 1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def same(one: object, other: object) -> bool:
    """Whether two spellings are one e-mail."""
    return str(one).casefold() == str(other).casefold()


def as_sent(olds: Mapping[str, Any], news: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The inputs with the spelling that was sent: no call changes an e-mail, and the same one needs no change."""
    return {**news, name: olds[name]} if olds.get(name) and same(olds[name], news.get(name)) else dict(news)
