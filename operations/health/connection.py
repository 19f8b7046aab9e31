"""How the API is asked for a look: as the program does, but not for long."""

from __future__ import annotations

import os
from collections.abc import Mapping

from components.clearml.api.connection import Connection, Limits
from settings.loading.api_url import OVERRIDE, override_of
from settings.loading.load import Environment

# A look is for a person who waits; what does not answer is told.
_LIMITS = Limits(connect_seconds=3, answer_seconds=10, attempts=1, total_seconds=10)


def connection_of(environment: Environment, settings: Mapping[str, str]) -> Connection:
    """As the program's own, by the stack's decrypted `settings`: the environment's CLEARML_API_URL wins.

    Raises ConfigurationError as the program does, Misconfigured.
    """
    override_of(environment.name, environment.api_url, os.environ)
    return Connection(
        url=os.environ.get(OVERRIDE) or environment.api_url,
        key=settings.get("apiserverKey", ""),
        secret=settings.get("apiserverSecret", ""),
        ca_file=settings.get("apiCaFile"),
        limits=_LIMITS,
    )
