"""Values that say where the server keeps its data (contract 4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from settings.models.server.release import Server
from settings.models.server.secrets import ServerSecrets
from settings.types.versions import DRAGONFLY_SINCE, OTHER_MONGODB_SINCE, at_least

# By the stack's key: where the chart takes the object.
_CREDENTIALS = {
    "mongodbAuth": ("mongodb", "auth"),
    "redisAuth": ("redis", "auth"),
    "elasticsearchSecret": ("elasticsearch", "secret"),
}


def database_values(server: Server, secrets: ServerSecrets, chart_version: str | None) -> dict[str, Any]:
    """What these say of databases and of `externalServices`, as far as there is something to say.

    The chart reads where a database is only if its own one is off (contract 4.1), which free values may say already.
    """
    values: dict[str, Any] = _mongodb(server, secrets, chart_version)
    for database in _replaced(server, secrets, chart_version):
        if not _is_off(server, database):
            values.setdefault(database, {})["enabled"] = False
    for key, credentials in secrets.databases.items():
        database, place = _CREDENTIALS[key]
        values.setdefault(database, {})[place] = credentials
    external = {**secrets.external, **_redis(server)}
    return {**values, **({"externalServices": external} if external else {})}


def _mongodb(server: Server, secrets: ServerSecrets, chart_version: str | None) -> dict[str, dict[str, Any]]:
    by_version: dict[str, dict[str, Any]] = {}
    if any(key.startswith("mongodb") for key in secrets.external):
        by_version = {"mongodb": {"enabled": False}}
    if at_least(chart_version, *OTHER_MONGODB_SINCE):
        own = not by_version
        # Where the later one is said to have the data, the chart reads no string (contract 4.1).
        by_version = {"mongodb": {"enabled": False}, "mckMongodb": {"enabled": own, "migrated": own}}
    asked = {
        "mongodb": {"enabled": server.mongodb.enabled},
        "mckMongodb": {"enabled": server.mongodb.mck_enabled, "migrated": server.mongodb.mck_migrated},
    }
    both = {
        name: {**by_version.get(name, {}), **{key: on for key, on in keys.items() if on is not None}}
        for name, keys in asked.items()
    }
    return {name: values for name, values in both.items() if values}


def _replaced(server: Server, secrets: ServerSecrets, chart_version: str | None) -> Iterator[str]:
    """The chart's own databases, beside MongoDB, in whose place there is another."""
    if "elasticsearchConnectionString" in secrets.external:
        yield "elasticsearch"
    if server.redis:
        yield "dragonfly" if at_least(chart_version, *DRAGONFLY_SINCE) else "redis"


def _is_off(server: Server, database: str) -> bool:
    free = server.extra_values.get(database)
    return isinstance(free, Mapping) and free.get("enabled") is False


def _redis(server: Server) -> dict[str, Any]:
    return {"redisHost": server.redis.host, "redisPort": server.redis.port} if server.redis else {}
