"""Each database and each part that the server needs is somewhere: the chart's own, or another that it is told of.

The chart takes a database for the chart's own unless that is off, and reads of no other then (contract 4.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.server.release import Server
from settings.models.stack import StackSettings
from settings.types.hocon_reading import path_of
from settings.types.versions import DRAGONFLY_SINCE, OTHER_MONGODB_SINCE, at_least

_FREE = "server.extraValues"
_STRINGS = ("mongodbConnectionStringAuth", "mongodbConnectionStringBackend")
# Where a file of the server's configuration, or another chart's own way, may say it: no more can be told here.
_FILES = ("additionalConfigs", "existingAdditionalConfigsConfigMap", "existingAdditionalConfigsSecret")
# Variables that the server reads beside its configuration, as in ClearML's own chart and docker-compose file.
_SERVICES = {
    "elastic": "CLEARML_ELASTIC_SERVICE_",
    "mongo": "CLEARML_MONGODB_SERVICE_",
    "redis": "CLEARML_REDIS_SERVICE_",
}
# By a part's name: what is lost without it.
_LOST = {
    "apiserver": "is the API: neither people nor agents nor this program reach the server without it",
    "webserver": "is what people sign in at",
}


@check("the server has each database and each part that it needs")
def check_databases(facts: Facts) -> Iterator[Finding]:
    """Databases that are off with no other in their place, and others that the chart does not read."""
    if (settings := facts.settings) is None:
        return
    server, version = settings.server, settings.charts.server.version
    yield from _unread_strings(settings, [key for key in _STRINGS if key in facts.secrets])
    yield from _parts(server)
    if any(_at(server, "apiserver", key) for key in _FILES):
        return
    search = "elasticsearchConnectionString"
    if _off(server, "elasticsearch") and search not in facts.secrets and not _told(server, "elastic", search):
        yield _missing(f"{_FREE}.elasticsearch.enabled", f"pulumi config set --secret {search}")
    cache = "dragonfly" if at_least(version, *DRAGONFLY_SINCE) else "redis"
    if _off(server, cache) and not server.redis and not _told(server, "redis", "redisHost"):
        yield _missing(f"{_FREE}.{cache}.enabled", "server.redis: {host: redis.example.com}")
    if place := _mongodb_off(server, version):
        lacking = [key for key in _STRINGS if key not in facts.secrets]
        if lacking and not _told(server, "mongo", *lacking):
            yield _missing(place, " and ".join(f"pulumi config set --secret {key}" for key in lacking))


def _missing(key: str, fix: str) -> Finding:
    text = f"is false, and nothing says where another is, so the server does not start; remove this, or say it: {fix}"
    return Finding(setting("", key), text, WARNING)


def _unread_strings(settings: StackSettings, strings: list[str]) -> Iterator[Finding]:
    """The chart reads them only where neither of its own is the one with the data."""
    if not strings:
        return
    mongodb = settings.server.mongodb
    for name, on in (("enabled", mongodb.enabled), ("mckMigrated", mongodb.mck_migrated)):
        if on:
            text = f"is true, so the chart takes its own MongoDB and does not read {strings[0]}; remove one of the two"
            yield Finding(setting("", f"server.mongodb.{name}"), text)


def _mongodb_off(server: Server, version: str | None) -> str | None:
    """Where it stands that both are off; None where one is on, or what follows from the version is right."""
    mongodb, newer = server.mongodb, at_least(version, *OTHER_MONGODB_SINCE)
    earlier_off = mongodb.enabled is False or _off(server, "mongodb")
    if newer:
        off = mongodb.mck_enabled is False and not mongodb.enabled
        return "server.mongodb.mckEnabled" if off else None
    if not earlier_off or mongodb.mck_enabled:
        return None
    return "server.mongodb.enabled" if mongodb.enabled is False else f"{_FREE}.mongodb.enabled"


def _parts(server: Server) -> Iterator[Finding]:
    for part, lost in _LOST.items():
        for key, none in (("enabled", False), ("replicaCount", 0)):
            value = _at(server, part, key)
            if value == none and value is not None:
                said = f"{lost}; remove this, unless another release has it"
                yield Finding(setting("", f"{_FREE}.{part}.{key}"), said, WARNING)


def _told(server: Server, host: str, *keys: str) -> bool:
    """Whether variables or free values say where another is; `hosts.elastic…` is the server's own setting."""
    by_name = any(
        (path_of(each.name) or ())[:2] == ("hosts", host) or each.name.upper().startswith(_SERVICES.get(host, "\0"))
        for each in server.apiserver.extra_envs
    )
    return by_name or all(_at(server, "externalServices", key) for key in keys)


def _off(server: Server, name: str) -> bool:
    return _at(server, name, "enabled") is False


def _at(server: Server, *place: str) -> Any:  # noqa: ANN401 - any free value
    """The free value there; None where there is none."""
    value: object = server.extra_values
    for key in place:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
