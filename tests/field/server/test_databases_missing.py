"""A database or a part of the server that is off, with no other in its place, is told; so is one that is not read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.field.stack_changed import checked

_OLD = {"mongodb": {"enabled": True, "mckEnabled": False, "mckMigrated": None}}
_STRINGS: dict[str, Any] = {
    "mongodbConnectionStringAuth": {"secure": "v1:ca1"},
    "mongodbConnectionStringBackend": {"secure": "v1:ca2"},
}


@pytest.mark.parametrize(
    ("version", "server", "key"),
    [
        ("11.0.2", {"extraValues": {"elasticsearch": {"enabled": False}}}, "server.extraValues.elasticsearch.enabled"),
        ("11.0.2", {"extraValues": {"dragonfly": {"enabled": False}}}, "server.extraValues.dragonfly.enabled"),
        ("11.0.2", {"mongodb": {"mckEnabled": False, "mckMigrated": False}}, "server.mongodb.mckEnabled"),
        ("10.12.5", {**_OLD, "extraValues": {"redis": {"enabled": False}}}, "server.extraValues.redis.enabled"),
        (
            "10.5.0",
            {"mongodb": {"enabled": False, "mckEnabled": None, "mckMigrated": None}},
            "server.mongodb.enabled",
        ),
        (
            "11.0.2",
            {"extraValues": {"elasticsearch": {"enabled": False}, "externalServices": {"redisHost": "redis.example"}}},
            "server.extraValues.elasticsearch.enabled",
        ),
        (
            "11.0.2",
            {
                "extraValues": {"elasticsearch": {"enabled": False}},
                "apiserver": {
                    "extraEnvs": [{"name": "CLEARML__hosts__mongo__backend__host", "value": '"mongodb://a"'}]
                },
            },
            "server.extraValues.elasticsearch.enabled",
        ),
    ],
)
def test_a_database_that_is_nowhere_is_told(tmp_path: Path, version: str, server: dict[str, Any], key: str) -> None:
    (line,) = checked(tmp_path, server, version).splitlines()
    assert f"stack.{key}: is false, and nothing says where another is, so the server does not start" in line


@pytest.mark.parametrize(
    ("server", "beside"),
    [
        (
            {"extraValues": {"elasticsearch": {"enabled": False}}},
            {"elasticsearchConnectionString": {"secure": "v1:ca3"}},
        ),
        ({"extraValues": {"dragonfly": {"enabled": False}}, "redis": {"host": "redis.example.com"}}, {}),
        ({"mongodb": {"mckEnabled": False, "mckMigrated": False}}, _STRINGS),
        ({"extraValues": {"dragonfly": {"enabled": False}, "externalServices": {"redisHost": "redis.example"}}}, {}),
        (
            {
                "extraValues": {"elasticsearch": {"enabled": False}},
                "apiserver": {
                    "extraEnvs": [{"name": "CLEARML__hosts__elastic__events__hosts", "value": '[{"host": "a"}]'}]
                },
            },
            {},
        ),
        (
            {
                "extraValues": {"dragonfly": {"enabled": False}},
                "apiserver": {"extraEnvs": [{"name": "CLEARML_REDIS_SERVICE_HOST", "value": "redis.example.com"}]},
            },
            {},
        ),
        (
            {
                "extraValues": {
                    "elasticsearch": {"enabled": False},
                    "apiserver": {"existingAdditionalConfigsSecret": "hosts"},
                }
            },
            {},
        ),
        ({"extraValues": {"elasticsearch": {"enabled": True}, "apiserver": {"enabled": True, "replicaCount": 2}}}, {}),
    ],
)
def test_one_that_is_elsewhere_is_right(tmp_path: Path, server: dict[str, Any], beside: dict[str, Any]) -> None:
    assert checked(tmp_path, server, **beside) == ""


@pytest.mark.parametrize(
    ("mongodb", "key"),
    [({"mckMigrated": True}, "mckMigrated"), ({"enabled": True, "mckMigrated": False}, "enabled")],
)
def test_strings_that_the_chart_does_not_read_are_refused(tmp_path: Path, mongodb: dict[str, Any], key: str) -> None:
    line = checked(tmp_path, {"mongodb": {"mckEnabled": True, **mongodb}}, **_STRINGS)
    assert f"stack.server.mongodb.{key}: is true, so the chart takes its own MongoDB and does not read mongodb" in line


@pytest.mark.parametrize(
    ("free", "key"),
    [
        ({"apiserver": {"enabled": False}}, "apiserver.enabled"),
        ({"webserver": {"enabled": False}}, "webserver.enabled"),
        ({"apiserver": {"replicaCount": 0}}, "apiserver.replicaCount"),
    ],
)
def test_a_part_that_is_left_out_is_told(tmp_path: Path, free: dict[str, Any], key: str) -> None:
    (line,) = checked(tmp_path, {"extraValues": free}).splitlines()
    assert f"stack.server.extraValues.{key}: is " in line
    assert "remove this, unless another release has it" in line
