"""What all tenants of the program declare of their companies: one frozen value, complete before the first create.

Every resource that needs it is handed the whole of it as a run-only input, so it is the same whichever the engine asks
first, and also if it leaves some of them out (`--target`). It is in no state.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from typing import Any

INTENT = "intent"
"""The run-only input's name."""


@dataclass(frozen=True)
class CompanyRequest:
    """How one tenant asks for its company: the inputs of `Company` by which it is found.

    `key_uses` is what the tenant has keys for, each `<tenant>/<use>`.
    """

    name: str
    admin_email: str
    known_id: str | None = None
    adopt: bool = False
    key_uses: tuple[str, ...] = ()

    @classmethod
    def of(cls, inputs: Mapping[str, Any]) -> CompanyRequest:
        """From the inputs of a `Company`, none of them unknown."""
        known, adopt = inputs.get("known_id"), bool(inputs.get("adopt"))
        return cls(str(inputs["name"]), str(inputs["admin_email"]), str(known) if known else None, adopt)


@dataclass(frozen=True)
class Intent:
    """The requests of all tenants, in the order of the program."""

    requests: tuple[CompanyRequest, ...]

    @cached_property
    def by_admin(self) -> Mapping[str, CompanyRequest]:
        """By the admin's e-mail in lower case."""
        return {each.admin_email.casefold(): each for each in self.requests}

    @cached_property
    def managed_companies(self) -> frozenset[str]:
        """Names, ids and admins' e-mails of the companies that are declared, in lower case."""
        known_by = (value for each in self.requests for value in (each.name, each.admin_email, each.known_id))
        return frozenset(value.casefold() for value in known_by if value)

    @cached_property
    def key_uses(self) -> frozenset[str]:
        """What any tenant has keys for, each `<tenant>/<use>`."""
        return frozenset(use for each in self.requests for use in each.key_uses)

    @cached_property
    def names(self) -> frozenset[str]:
        """What the companies are to be called, in lower case."""
        return frozenset(each.name.casefold() for each in self.requests)

    @cached_property
    def text(self) -> str:
        """As the input: one short text, since with a thousand tenants the engine is sent it a thousand times."""
        whole = json.dumps([asdict(each) for each in self.requests], separators=(",", ":"))
        return base64.b64encode(zlib.compress(whole.encode())).decode()

    @staticmethod
    @lru_cache(maxsize=2)
    def read(text: str) -> Intent:
        """From `text`."""
        rows = json.loads(zlib.decompress(base64.b64decode(text)))
        return Intent(tuple(CompanyRequest(**{**row, "key_uses": tuple(row["key_uses"])}) for row in rows))

    @staticmethod
    def of(value: object) -> Intent | None:
        """That of a resource's input; None if it has none."""
        return Intent.read(str(value)) if value else None
