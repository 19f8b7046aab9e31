"""What a check has to say, before it is known which file that is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Complaint:
    """One thing at `key` of `tenant`'s file, or under `clearml-tenants:stack` of the stack's if `tenant` is empty.

    `stops`: it cannot be deployed; otherwise it is told as a warning, and the run goes on.
    """

    tenant: str
    key: str
    text: str
    stops: bool = True
