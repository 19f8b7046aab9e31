"""Writes texts so that ClearML's server reads back the same string.

The server takes its environment as HOCON through pyhocon (contract, 3.1): `10` becomes a number, `a#b` loses its end,
`a@b.c` stops the server. A JSON-quoted text survives, if it is not escaped beyond what pyhocon unescapes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi

from settings.types.plain import is_plain


class HoconError(pulumi.RunError):
    """A text that no way of writing it carries to the server."""


def quoted(text: str) -> str:
    """`text` as a HOCON string. Raises HoconError for a control character, which pyhocon would not give back.

    Not escaped to ASCII: pyhocon leaves `\\u00e9` as it stands.
    """
    if any(character < " " and character not in "\t\n\r" for character in text):
        raise HoconError(f"a value of {len(text)} characters (not shown) holds a control character; remove it")
    return json.dumps(text, ensure_ascii=False)


def word(text: str) -> str:
    """`text` as it is if it means itself in HOCON, as in the document's own examples; quoted otherwise."""
    return text if is_plain(text) else quoted(text)


def flag(on: bool) -> str:
    """A switch, as the document writes it."""
    return "true" if on else "false"


def texts(listed: Sequence[str]) -> str:
    """A list of texts, as the document writes it: JSON."""
    return json.dumps(list(listed), ensure_ascii=False)


def plain(text: str, what: str) -> str:
    """`text`, for a place where a chart puts it without quotes. Raises HoconError, which does not show it, if it
    would be read as something else; `what` names it."""
    if not is_plain(text):
        raise HoconError(
            f"{what}: its {len(text)} characters (not shown) must start with a letter, hold only letters, digits, - "
            "and _, and be no word like true"
        )
    return text


def quoted_secret(text: pulumi.Input[str]) -> pulumi.Input[str]:
    """`quoted`, of what may not be known yet; an Output stays one, and stays secret."""
    return text.apply(quoted) if isinstance(text, pulumi.Output) else quoted(_known(text))


def plain_secret(text: pulumi.Input[str], what: str) -> pulumi.Input[str]:
    """`plain`, of what may not be known yet."""
    return (
        text.apply(lambda known: plain(known, what)) if isinstance(text, pulumi.Output) else plain(_known(text), what)
    )


def _known(text: pulumi.Input[str]) -> str:
    if not isinstance(text, str):
        raise TypeError("a setting is a text or an Output of one")
    return text
