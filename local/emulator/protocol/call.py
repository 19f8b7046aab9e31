"""One call under way: the request's parts, and what becomes known of it on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.identity import Caller, Identity
from local.emulator.protocol.server import Server
from local.emulator.protocol.version import Version
from local.emulator.store.database import Database
from local.emulator.store.identifiers import new_id

_PREFIXES = ("x-clearml-", "x-trains-")


@dataclass
class Call:
    """Headers have lower-case names. `identity` is the one in effect, after impersonation."""

    server: Server
    name: str
    requested: Version
    headers: Mapping[str, str]
    address: str
    id: str = field(default_factory=new_id)
    actual: Version | None = None
    authenticated: Caller | None = None
    impersonated: Identity | None = None
    body: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str | None] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        """The value of `X-Clearml-<name>`, else of the legacy `X-Trains-<name>`; None if absent or empty."""
        spellings = (prefix + name.lower() for prefix in _PREFIXES)
        return next((self.headers[each] for each in spellings if each in self.headers), None) or None

    @property
    def transaction(self) -> str:
        return self.header("Trx") or self.id

    @property
    def origin(self) -> str:
        """Where a key's use is noted to have come from."""
        forwarded = self.headers.get("x-forwarded-for") or self.headers.get("x-real-ip")
        return self.header("Worker") or forwarded or self.address

    @property
    def known_identity(self) -> Identity | None:
        return self.impersonated or (self.authenticated.identity if self.authenticated else None)

    @property
    def identity(self) -> Identity:
        """The identity in effect. Raises ApiError 401/20 if nobody was authenticated."""
        identity = self.known_identity
        if identity is None:
            raise ApiError(Kind.NO_CREDENTIALS)
        return identity

    @property
    def database(self) -> Database:
        return self.server.database
