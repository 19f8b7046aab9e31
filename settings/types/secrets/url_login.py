"""Logins and tokens in addresses: whether there is one, and the address as it may be shown. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from settings.types.secrets.names import is_secret_name

# What hides in it would be read after so many rounds of decoding, by a reader more lenient than any.
_ROUNDS = 3
_LOGIN = re.compile(r"[:/].*@", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HIDDEN = "***"


def holds_login(text: str) -> bool:
    """Whether `text`, an address or what was written in place of one, has a user or a secret in it, however encoded."""
    plain = _decoded(text)
    return bool(_LOGIN.search(plain)) or any(is_secret_name(name) for name in _query(plain))


def quoted(text: str) -> str:
    """`text` as a message shows it: in quotes, and without what may be a login or a token."""
    if not holds_login(text) and not re.search(r"//.*[?#]", _decoded(text), flags=re.DOTALL):
        return repr(text)
    if _decoded(text) != text:
        return "an address (not shown)"
    scheme = _SCHEME.match(text)
    before, at, address = text.rpartition("@")
    start = f"{scheme[0] if scheme else ''}{_HIDDEN}@" if at and before else ""
    return repr(start + re.sub(r"([?#]).*", rf"\1{_HIDDEN}", address, flags=re.DOTALL))


def _decoded(text: str) -> str:
    for _ in range(_ROUNDS):
        text = unquote(text)
    return text.replace("\\", "/")


def _query(address: str) -> list[str]:
    """The names in what comes after `?` or `#`."""
    found = re.search(r"[?#](.*)", address, flags=re.DOTALL)
    return [name for name, _ in parse_qsl(re.sub(r"[?#;]", "&", found[1]), keep_blank_values=True)] if found else []
