"""Which texts mean themselves in HOCON without quotes.

ClearML reads its environment as HOCON. Where a chart writes a value without quotes (its `clearml.apiserverKey` and
`clearml.apiserverSecret` go into a Secret as they are), only such a text arrives as the same string: contract, 3.1.
"""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
# Only `true`, `false` and `null` are words of HOCON, but pyhocon also turns `true-x` into `True-x`.
_WORDS = ("true", "false", "null")
# Not HOCON, but YAML on the way there may read them as yes or no.
_YAML_WORDS = frozenset({"on", "off", "yes", "no", "y", "n"})


def is_plain(text: str) -> bool:
    """True if `text` starts with a letter, holds only letters, digits, - and _, and is no word of HOCON or YAML."""
    folded = text.lower()
    return bool(_PLAIN.fullmatch(text)) and not folded.startswith(_WORDS) and folded not in _YAML_WORDS
