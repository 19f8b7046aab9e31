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
