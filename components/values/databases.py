"""Values that say where the server keeps its data (contract 4.1)."""

from __future__ import annotations

from typing import Any

from settings.models.server.release import Server
from settings.models.server.secrets import ServerSecrets
from settings.types.versions import at_least

# By the stack's key: where the chart takes the object.
_CREDENTIALS = {
    "mongodbAuth": ("mongodb", "auth"),
    "redisAuth": ("redis", "auth"),
    "elasticsearchSecret": ("elasticsearch", "secret"),
}
# From this version on a clean install has the chart's other MongoDB.
_MCK_MONGODB = (10, 11, 7)


def database_values(server: Server, secrets: ServerSecrets, chart_version: str | None) -> dict[str, Any]:
    """`mongodb`, `mckMongodb`, `redis`, `elasticsearch` and `externalServices`, as far as there is something to say."""
    values = _mongodb(server, secrets, chart_version)
    for key, credentials in secrets.databases.items():
        database, place = _CREDENTIALS[key]
        values.setdefault(database, {})[place] = credentials
    external = {**secrets.external, **_redis(server)}
    return {**values, **({"externalServices": external} if external else {})}


def _mongodb(server: Server, secrets: ServerSecrets, chart_version: str | None) -> dict[str, dict[str, Any]]:
    by_version: dict[str, dict[str, Any]] = {}
    if any(key.startswith("mongodb") for key in secrets.external):
        by_version = {"mongodb": {"enabled": False}}
    if at_least(chart_version, *_MCK_MONGODB):
        by_version = {"mongodb": {"enabled": False}, "mckMongodb": {"enabled": not by_version, "migrated": True}}
    asked = {
        "mongodb": {"enabled": server.mongodb.enabled},
        "mckMongodb": {"enabled": server.mongodb.mck_enabled, "migrated": server.mongodb.mck_migrated},
    }
    both = {
        name: {**by_version.get(name, {}), **{key: on for key, on in keys.items() if on is not None}}
        for name, keys in asked.items()
    }
    return {name: values for name, values in both.items() if values}


def _redis(server: Server) -> dict[str, Any]:
    return {"redisHost": server.redis.host, "redisPort": server.redis.port} if server.redis else {}
