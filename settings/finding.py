"""The one kind of thing that a check finds: where it stands, what is wrong and how to mend it, and whether it stops."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from settings.grant import Grant
from settings.types.secrets.commands import for_stack

_FILE_OF_STACK = re.compile(r"config/(?:Pulumi\.(?P<own>[^/]+)\.yaml|tenants/(?P<tenants>[^/]+)/.*)")

Severity = Literal["error", "warning"]
WARNING: Severity = "warning"


@dataclass(frozen=True, order=True)
class Where:
    """`file` relative to the project, `tenant` if it is one's file, `key` as written in the file.

    A check may leave `file` empty: `Facts.place` knows it.
    """

    file: str
    tenant: str
    key: str


def setting(tenant: str, key: str) -> Where:
    """`key` of the tenant's file, or below `clearml-tenants:stack` of the stack's file if `tenant` is empty."""
    return Where("", tenant, key)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend; findings are in the order of their files, then of their keys.

    `message` is a whole sentence that says what is wrong and how to write it; it never holds a secret. An error cannot
    be deployed. A warning is printed and the run goes on: it may not do what somebody thinks it does. `grant` is the
    line of the stack's file that the sentence names, if that would let it be. `holder`: the tenant that has the same,
    where one of two may.
    """

    where: Where
    message: str
    severity: Severity = "error"
    grant: Grant | None = field(default=None, compare=False)
    holder: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """A command in the message is for the stack whose file is at fault."""
        if file := _FILE_OF_STACK.fullmatch(self.where.file):
            object.__setattr__(self, "message", for_stack(self.message, file["own"] or file["tenants"]))

    @property
    def is_error(self) -> bool:
        """Whether it stops a run."""
        return self.severity == "error"

    def __str__(self) -> str:
        place = self.where
        return ": ".join(_on_one_line(part) for part in (place.file, place.tenant, place.key, self.message) if part)


def _on_one_line(part: str) -> str:
    """A file or a key can be called anything."""
    return part if part.isprintable() else repr(part)[1:-1]
