"""What the emulator counted, sorted: reads and writes, an environment's and a tenant's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

_READS = frozenset({"debug.ping", "system.company_info", "users.get_all", "auth.login", "server.endpoints"})


def is_read(endpoint: str) -> bool:
    """Whether a call of it changes nothing."""
    return endpoint in _READS or ".get_" in endpoint


def writes(calls: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [call for call in calls if not is_read(call["endpoint"])]


def shared_out(endpoints: Iterable[str], tenants: int) -> tuple[int, int]:
    """Calls of the environment, and of each tenant: an endpoint called for every tenant is a tenant's."""
    counted = Counter(endpoints).values()
    return sum(count % tenants for count in counted), sum(count // tenants for count in counted)
