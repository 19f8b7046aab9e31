"""The one error of the configuration: every fault of every file, one line each; and warnings, told the same way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend: `file` relative to the project, `tenant` if it is one's file, `key` as written in the file.

    `text` says what is wrong and how to write it; it never holds a secret.
    """

    file: str
    tenant: str
    key: str
    text: str

    def __str__(self) -> str:
        return ": ".join(_on_one_line(part) for part in (self.file, self.tenant, self.key, self.text) if part)


def _on_one_line(part: str) -> str:
    """A file or a key can be called anything."""
    return part if part.isprintable() else repr(part)[1:-1]


class Warned(Fault):
    """What can be deployed, but does not do what somebody may think it does."""


class ConfigurationError(Exception):
    """What is asked for cannot be deployed; `str()` is one line per fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        # Two checks may come to the same line by different ways.
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
