"""What is rendered for a plan: with the stack's login where it is for, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from operations.preview.rendering import Login, rendering
from operations.preview.restarts import NotRenderedError
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


def test_why_nothing_is_rendered_is_no_fault_of_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotRenderedError, match="helm is not on PATH"):
        rendering(Path())({**_RELEASE, "chart": "./agent", "values": {}})
