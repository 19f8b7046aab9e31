"""What is rendered for a plan: with the stack's login where it is for, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from operations.preview.restarts.release_restarts import NotRenderedError, Pods
from operations.preview.restarts.rendering import Login, refused_values, rendering
from operations.preview.restarts.stand_ins import Inputs
from operations.preview.steps import Step
from operations.urns import RELEASE
from rendering import helm
from rendering.unknown import UNKNOWN

_LOGIN = Login("docker.io", "PLANTED")
_RELEASE: dict[str, Any] = {"name": "acme-agent", "namespace": "acme", "version": "6.14.2"}
_WITH_USER = {"username": "robot", "password": "[secret]"}


@pytest.mark.parametrize(
    ("chart", "options", "password"),
    [
        ("oci://index.docker.io/clearml/agent", _WITH_USER, "PLANTED"),
        ("agent", {**_WITH_USER, "repo": "https://docker.io/charts"}, "PLANTED"),
        ("oci://registry.evil.example/clearml/agent", _WITH_USER, UNKNOWN),
        ("agent", {**_WITH_USER, "repo": "http://docker.io/charts"}, UNKNOWN),
        ("agent", {**_WITH_USER, "repo": "https://docker.io@evil.example/charts"}, UNKNOWN),
        ("oci://docker.io.evil.example/agent", _WITH_USER, UNKNOWN),
        ("oci://docker.io/clearml/agent", {}, None),
    ],
)
def test_no_other_host_is_told_the_charts_password(
    monkeypatch: pytest.MonkeyPatch, chart: str, options: dict[str, str], password: object
) -> None:
    asked: list[Any] = []

    def objects_of(release: Any, *_names: str, **_more: object) -> list[dict[str, Any]]:
        asked.append(release)
        return []

    monkeypatch.setattr(helm, "objects_of", objects_of)
    rendering(Path(), login=_LOGIN)({**_RELEASE, "chart": chart, "repositoryOpts": options})
    assert asked[0]["repositoryOpts"].get("password") is password or asked[0]["repositoryOpts"]["password"] == password
    assert "PLANTED" not in repr(_LOGIN)


def test_a_folder_has_one_version_of_its_chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was taken over of another version would be rendered with the files of now."""
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "Chart.yaml").write_text("name: agent\nversion: 6.14.6\n")
    monkeypatch.setattr(helm, "objects_of", lambda *_, **__: [])
    render, inputs = rendering(tmp_path), {**_RELEASE, "chart": "./agent"}
    assert render({**inputs, "version": "6.14.6"}) == {}
    with pytest.raises(NotRenderedError, match="another version"):
        render(inputs)
    assert render({**inputs, "description": "chart files sha256:1"}) == {}


def test_a_chart_that_makes_nothing_of_the_new_values_is_told() -> None:
    """A preview lets such values pass; the chart refuses them when it is installed."""

    def render(inputs: Inputs) -> Pods:
        if inputs["values"].get("count") == "many" or not inputs["values"].get("key"):
            raise NotRenderedError("no")
        return {}

    def lines(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
        step = Step("update", RELEASE, "acme-agent", "acme", {"values": old}, {"values": new}, urn="urn::acme-agent")
        return list(refused_values([step], render, render))

    said = "its chart makes nothing of the new values, though it did of those before; helm template says why"
    assert lines({"key": "k"}, {"key": "k", "count": "many"}) == [f"acme: release acme-agent: {said}"]
    assert lines({"key": "k"}, {"count": 2}) == []
    assert lines({"key": "k", "count": "many"}, {"key": "k", "count": "many", "more": 1}) == []


def test_why_nothing_is_rendered_is_no_fault_of_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotRenderedError, match="helm is not on PATH"):
        rendering(Path())({**_RELEASE, "chart": "./agent", "values": {}})
