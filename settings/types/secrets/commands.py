"""The commands that messages propose, above all to set a secret of the stack's file, as a person types them. Pure."""

from __future__ import annotations

import re
from shlex import quote

# What a person would run on whatever stack happens to be selected: none is named up to the command's end.
_OF_NO_STACK = re.compile(r"\bpulumi (config set|config rm|up|preview|refresh)\b(?![^;,`|&\n]* --stack\b)")
_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def set_command(*parts: str) -> str:
    """What puts a value into the stack's file, encrypted; `parts` lead to it."""
    return f"pulumi config set --secret --path {quote(value_path(*parts))}"


def for_stack(text: str, stack: str) -> str:
    """`text` with every command in it on `stack`, so that it does there what it says, wherever somebody types it."""
    return _OF_NO_STACK.sub(rf"pulumi \1 --stack {stack}", text)


def value_path(*parts: str) -> str:
    """As `pulumi config --path` reads it, `secrets.git-login["ca.pem"]`."""
    first, *rest = parts
    return first + "".join(f".{part}" if _SIMPLE.fullmatch(part) else f'["{part}"]' for part in rest)
