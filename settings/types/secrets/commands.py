"""The commands that put a secret's value into the stack's file, as a person types them. Pure."""

from __future__ import annotations

import re
from shlex import quote

_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def set_command(*parts: str) -> str:
    """What puts a value into the stack's file, encrypted; `parts` lead to it."""
    return f"pulumi config set --secret --path {quote(value_path(*parts))}"


def value_path(*parts: str) -> str:
    """As `pulumi config --path` reads it, `secrets.git-login["ca.pem"]`."""
    first, *rest = parts
    return first + "".join(f".{part}" if _SIMPLE.fullmatch(part) else f'["{part}"]' for part in rest)
