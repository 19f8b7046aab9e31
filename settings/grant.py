"""A line of the stack's file that lets what a check refuses: sentences tell it, and `make adopt` writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

REGISTRIES = "registries"
_LONG = 10_000


@dataclass(frozen=True, order=True)
class Grant:
    """`rule` of one tenant, with what it lets: a list's entries, a word, a number, or a switch.

    Without a tenant it is a setting of the whole stack.
    """

    rule: str
    value: tuple[str, ...] | str | int
    tenant: str = ""

    @property
    def plain(self) -> Any:  # noqa: ANN401 - as YAML has it
        """The value as a file has it."""
        return [*self.value] if isinstance(self.value, tuple) else self.value

    def __str__(self) -> str:
        line: dict[str, Any] = {self.rule: self.plain}
        if self.tenant:
            line = {"tenantRules": {"tenants": {self.tenant: line}}}
        key, below = next(iter(line.items()))
        return f"{key}: {in_flow(below)}"


def in_flow(value: object) -> str:
    """On one line of YAML."""
    text: str = yaml.safe_dump(value, default_flow_style=True, width=_LONG, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("...").strip()
