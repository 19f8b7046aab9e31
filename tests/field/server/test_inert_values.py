"""A free value that the server's chart would not read, or that would take the place of ours, is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.field.stack_changed import checked

_METADATA = "<EntityDescriptor entityID='https://idp.example.com'/>"
_DISK = {"persistence": {"size": "5Gi"}}


@pytest.mark.parametrize(
    ("version", "free", "said"),
    [
        (
            "11.0.2",
            {"redis": {"master": _DISK}},
            "extraValues.redis: charts from 11 on, like '11.0.2', bring dragonfly",
        ),
        ("12.0.0", {"redis": {"architecture": "replication"}}, "write dragonfly, or take it out"),
        (
            "10.12.5",
            {"dragonfly": {"storage": _DISK}},
            "extraValues.dragonfly: charts before 11, like '10.12.5', bring redis",
        ),
        ("11.0.2", {"mongodb": _DISK}, "extraValues.mongodb: is of the chart's earlier MongoDB, which is off here"),
        ("10.11.7", {"mongodb": {"architecture": "replicaset"}}, "write mckMongodb for the later one"),
        ("11.0.2", {"apiServer": {"replicaCount": 2}}, "extraValues.apiServer: is no section of the chart"),
        ("11.0.2", {"elasticSearch": {"replicas": 3}}, "nothing of it is read; write elasticsearch"),
        (
            "11.0.2",
            {"clearml": {"existingSecret": "own"}},
            "extraValues.clearml.existingSecret: makes the chart take every",
        ),
    ],
)
def test_what_this_version_does_not_read_is_told(tmp_path: Path, version: str, free: dict[str, Any], said: str) -> None:
    assert said in checked(tmp_path, {"extraValues": free}, version)


@pytest.mark.parametrize(
    ("version", "server"),
    [
        ("11.0.2", {"extraValues": {"dragonfly": {"storage": _DISK}}}),
        ("10.12.5", {"extraValues": {"redis": {"master": _DISK}}}),
        (
            "10.12.5",
            {"mongodb": {"enabled": True, "mckEnabled": False, "mckMigrated": None}, "extraValues": {"mongodb": _DISK}},
        ),
        ("11.0.2", {"mongodb": {"enabled": True, "mckMigrated": False}, "extraValues": {"mongodb": _DISK}}),
        ("11.0.2", {"extraValues": {"apiserver": {"existingAdditionalConfigsSecret": "own"}}}),
    ],
)
def test_what_it_reads_is_left_alone(tmp_path: Path, version: str, server: dict[str, Any]) -> None:
    assert checked(tmp_path, server, version) == ""


def test_a_password_that_nothing_takes_is_told(tmp_path: Path) -> None:
    said = checked(tmp_path, {}, redisAuth={"secure": "v1:ca1"})
    assert "clearml-tenants:redisAuth: sets redis.auth, and charts from 11 on" in said
    assert checked(tmp_path / "earlier", {}, "10.12.5", redisAuth={"secure": "v1:ca1"}) == ""


@pytest.mark.parametrize("key", ["existingAdditionalConfigsSecret", "existingAdditionalConfigsConfigMap"])
def test_files_in_two_places_are_refused(tmp_path: Path, key: str) -> None:
    two = {"extraValues": {"apiserver": {key: "own", "additionalConfigs": {"services.conf": "tasks {}"}}}}
    assert f"extraValues.apiserver.{key}: makes the chart leave out additionalConfigs;" in checked(tmp_path, two)
    saml = {"microsoft_ad": {"entityId": "clearml", "metadata": _METADATA}}
    said = checked(tmp_path / "saml", {"identityProviders": saml, "extraValues": {"apiserver": {key: "own"}}})
    assert f"extraValues.apiserver.{key}: makes the chart leave out the files of server.identityProviders;" in said


@pytest.mark.parametrize(
    "name",
    [
        "CLEARML__APISERVER__AUTH__COOKIES__DOMAIN",
        "CLEARML__apiserver__auth__cookies__domain",
        "TRAINS__apiserver__auth__session_auth_cookie_name",
        "CLEARML__secure__credentials__apiserver__user_key",
        "CLEARML__secure__auth__token_secret",
    ],
)
def test_a_variable_in_place_of_one_of_the_chart_s_is_refused(tmp_path: Path, name: str) -> None:
    variable = {"name": name, "valueFrom": {"secretKeyRef": {"name": "own", "key": "key"}}}
    said = checked(tmp_path, {"apiserver": {"extraEnvs": [variable]}})
    assert f"server.apiserver.extraEnvs[0].name: '{name}' is set by this program" in said
