"""What is the same for all is said once: whoever gets used to warnings reads none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.health import cluster_questions
from operations.health import stack as asked
from settings.loading.load import load
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, project, warnings_of

_AWAY = "helm list: dial tcp 10.0.0.1:6443: i/o timeout"
_USES = ("agent", "agent-gpu", "gateway")


class _Engine(EngineStack):
    """A stack with a server and so many tenants, deployed in one cluster."""

    tenants = 0

    def settings(self) -> Mapping[str, str]:
        return {"apiserverKey": "KEY", "apiserverSecret": "SECRET"}

    def outputs(self) -> Mapping[str, Any]:
        server = {"namespace": "clearml", "release": "clearml-enterprise"}
        return {"server": server, "tenants": {f"t{number}": _tenant(f"t{number}") for number in range(self.tenants)}}


def _tenant(name: str) -> dict[str, Any]:
    return {
        "adminId": "0",
        "namespace": name,
        "releases": {use: {"name": f"{name}-{use}"} for use in _USES},
        "credentials": {use: {"accessKey": "KEY"} for use in _USES},
    }


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stack whose API refuses connections and whose cluster does not answer."""

    def refuse(*_: object) -> None:
        raise OperationError(_AWAY)

    monkeypatch.setenv("CLEARML_API_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(cluster_questions, "helm_in", refuse)
    monkeypatch.setattr(asked, "EngineStack", _Engine)
    return project(tmp_path, {STACK_FILE: STACK, ACME: TENANT})


@pytest.mark.parametrize("tenants", [0, 1, 2, 9])
def test_a_cluster_and_an_api_that_are_away_are_named_once(
    root: Path, monkeypatch: pytest.MonkeyPatch, tenants: int
) -> None:
    monkeypatch.setattr(_Engine, "tenants", tenants)
    lines = asked.health_of(root, "test")
    assert [line.count(_AWAY) for line in lines if _AWAY in line] == [1]
    assert len([line for line in lines if "Connection refused" in line]) == (1 if tenants else 0)
    assert len([line for line in lines if "cannot be asked" in line]) == tenants + 1


def test_each_release_still_says_that_nothing_is_known_of_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Engine, "tenants", 1)
    (row,) = [line for line in asked.health_of(root, "test") if line.startswith("t0: ")]
    assert row.count("pods unknown") == len(_USES)


def test_what_is_away_is_told_to_whoever_asks_for_tenants_alone(root: Path) -> None:
    """As `make status` of the local stack does."""
    reasons: list[str] = []
    engine = _Engine(root, "test")
    tenants = {name: _tenant(name) for name in ("t0", "t1")}
    found = asked.health(load(root, "test"), engine, tenants, reasons.append)
    assert sorted(reason.partition(": ")[0] for reason in reasons) == ["API", str(load(root, "test").stack.own_cluster)]
    assert all(_AWAY not in line for row in found.values() for line in row.values())


def test_a_group_s_features_that_are_enabled_nowhere_are_one_line(tmp_path: Path) -> None:
    """The guide's own list for admins was nineteen."""
    names = "[user_management, permissions, applications, pipelines, reports, show_dashboard]"
    stack = STACK + f"    groups: {{admins: {{features: {names}}}}}\n"
    said = warnings_of(tmp_path, {STACK_FILE: stack})
    (line,) = [each for each in said if "enabled neither" in each]
    assert "stack.groups.admins.features: user_management, permissions, applications, pipelines, reports" in line
