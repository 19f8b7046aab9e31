"""Takes secrets out of words that somebody else wrote: a server may repeat what it was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text on one line, without the secrets, whether they stand there as they are, as JSON or Python write them,
    or in another case: the real server lower-cases some of its messages.
    """
    for secret in secrets:
        spellings = sorted({secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}, key=len, reverse=True)
        text = re.sub("|".join(map(re.escape, spellings)), "[secret]", text, flags=re.IGNORECASE)
    return " ".join(text.split())


def plain(text: str, most: int) -> str:
    """The text on one line, of characters that a terminal only shows, in at most so many bytes of UTF-8."""
    line = "".join(each if each.isprintable() else "?" for each in " ".join(text[: 4 * most].split()))
    encoded = line.encode("utf-8", "replace")
    return line if len(encoded) <= most else encoded[: most - 3].decode("utf-8", "ignore") + "..."
