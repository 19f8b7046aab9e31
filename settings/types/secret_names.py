"""Under which names a secret stands. Pure."""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"(?:passw(?:or)?d|passphrase|(?:^|_|git)pass|secret|token|(?:access|api|private|secret|user|glue)_?key)\Z"
)
# Names of signed and short-lived addresses, which mean nothing of the kind in a chart's values.
_IN_QUERY = re.compile(r"(?:^|_)(?:sig|signature|auth|authorization|jwt|pat|credentials?)\Z")


def is_secret_name(name: str) -> bool:
    """Whether a parameter of an address called so holds a secret."""
    folded = name.casefold().replace("-", "_").strip("_")
    return bool(_SECRET.search(folded) or _IN_QUERY.search(folded))


def is_secret_setting(name: str) -> bool:
    """Whether a text under a key called so is a secret; `existingSecret: name` says where one is."""
    folded = name.casefold()
    return bool(_SECRET.search(folded)) and "existing" not in folded
