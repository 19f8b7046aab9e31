"""Which texts look like a secret, judged by the name that they stand under. Pure; no value is ever handed on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

_SECRET = re.compile(
    r"(?:passw(?:or)?d|passphrase|(?:^|_|git)pass|secret|token|(?:access|api|private|secret|user|glue)_?key)\Z"
)
# A user and a password in an address, wherever it stands.
_IN_ADDRESS = re.compile(r"://[^/\s:@]+:[^/\s@$]+@")
# `existingSecret: name` says where a secret is, and a switch is none.
_HARMLESS = re.compile(r"(?i)|true|false")
_PRIVATE_KEY = "PRIVATE KEY-----"


def secret_looks(value: object, key: str) -> Iterator[str]:
    """Where in `value`, which stands at `key`, a text looks like a secret."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        value = {str(fields[name].alias): getattr(value, name) for name in value.model_fields_set}
    if isinstance(value, Mapping):
        name, text = value.get("name"), value.get("value")
        if isinstance(name, str) and isinstance(text, str) and _secret(name, text):
            yield f"{key}.value"
        for part, each in value.items():
            yield from secret_looks(each, f"{key}.{part}")
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from secret_looks(each, f"{key}[{index}]")
    elif isinstance(value, str | int) and not isinstance(value, bool) and _secret(key.rpartition(".")[2], str(value)):
        yield key


def _secret(name: str, value: str) -> bool:
    folded = name.casefold()
    named = bool(_SECRET.search(folded)) and "existing" not in folded
    return (named and not _HARMLESS.fullmatch(value)) or _PRIVATE_KEY in value or bool(_IN_ADDRESS.search(value))
