"""A database of one's own is the one that the server uses: the chart reads where it is only if its own is off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.value_conflicts import load
from settings.errors import ConfigurationError
from tests.field.published import write
from tests.local.charts.stack_values import server_of
from tests.local.helm import SERVER, Values, merged, of_kind, render

_STACK = Path("config") / "Pulumi.test.yaml"
_SETTINGS = "clearml-tenants:stack"
_ELSEWHERE = "databases-elsewhere"
_HOSTS = {
    "elasticsearch": "CLEARML__hosts__elastic__events__hosts",
    "mongodb": "CLEARML__hosts__mongo__backend__host",
    "redis": "CLEARML_REDIS_SERVICE_HOST",
}


def _values(root: Path, version: str, extra: dict[str, Any] | None = None) -> Values:
    write(root, "test", _ELSEWHERE)
    whole = yaml.safe_load((root / _STACK).read_text())
    settings = whole["config"][_SETTINGS]
    settings["charts"]["server"]["version"] = version
    settings["server"]["extraValues"] = merged(settings["server"]["extraValues"], extra or {})
    (root / _STACK).write_text(yaml.safe_dump(whole))
    return server_of(load(root, "test"))


@pytest.mark.parametrize("version", ["10.11.7", "10.12.5", "11.0.2", "12.1.0"])
def test_the_chart_s_own_make_way(tmp_path: Path, version: str) -> None:
    objects = render(SERVER, _values(tmp_path, version))
    deployments, databases = of_kind(objects, "Deployment"), of_kind(objects, "StatefulSet")
    (apiserver,) = [each for name, each in deployments.items() if name.endswith("-apiserver")]
    variables = {each["name"] for each in apiserver["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert variables >= set(_HOSTS.values())
    assert not [name for name in databases if name.endswith(("-elasticsearch", "-mongodb"))]


@pytest.mark.parametrize(("version", "own"), [("10.12.5", "redis"), ("11.0.0", "dragonfly"), ("11.0.2", "dragonfly")])
def test_the_one_that_this_version_brings_is_off(tmp_path: Path, version: str, own: str) -> None:
    values = _values(tmp_path, version)
    assert values[own] == {"enabled": False}
    assert not {"redis", "dragonfly"} - {own} & set(values)


@pytest.mark.parametrize("database", ["elasticsearch", "dragonfly"])
def test_a_file_that_says_so_itself_stays_right(tmp_path: Path, database: str) -> None:
    assert _values(tmp_path, "11.0.2", {database: {"enabled": False}})[database] == {"enabled": False}


@pytest.mark.parametrize("database", ["elasticsearch", "dragonfly"])
def test_both_are_refused(tmp_path: Path, database: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"server\.extraValues\.{database}\.enabled: is set by this program"):
        _values(tmp_path, "11.0.2", {database: {"enabled": True}})


def test_without_one_of_one_s_own_nothing_is_turned_off(tmp_path: Path) -> None:
    write(tmp_path, "test", "production")
    values = server_of(load(tmp_path, "test"))
    assert "dragonfly" not in values
    assert not [name for name in ("elasticsearch", "redis") if "enabled" in values[name]]
