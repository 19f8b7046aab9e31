"""The running server: what every endpoint may read, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.emulator.configuration.assumptions import Assumptions
from local.emulator.configuration.effective import Configuration
from local.emulator.protocol.endpoint import Endpoint
from local.emulator.store.database import Database


@dataclass(frozen=True)
class Server:
    """`endpoints` maps a name to its implementations, newest first; `token_secret` signs tokens."""

    configuration: Configuration
    assumptions: Assumptions
    database: Database
    endpoints: Mapping[str, tuple[Endpoint, ...]]
    server_id: str
    token_secret: str = field(repr=False)
