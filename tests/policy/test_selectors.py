"""A chart that labels its pods otherwise than the tenant's policies ask for is told before it is deployed.

Such an agent came up, reached no Kubernetes API, and started no task: nothing said so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policy import selectors
from policy.declaration import Declaration
from policy.selectors import unselected_pods
from policy.stack_settings import stack_settings
from rendering.helm import NotRenderedError
from rendering.unknown import UNKNOWN
from settings.types.naming import RELEASE

_TENANT = f"urn:pulumi:prod::clearml-tenants::clearml:tenant:Tenant$clearml:tenant:Agent${RELEASE}::acme-agent"
_INSTANCE = "app.kubernetes.io/instance"
_NAME = "app.kubernetes.io/name"


def of(label: str, value: str, kind: str = "Deployment") -> dict[str, Any]:
    return {"kind": kind, "spec": {"template": {"metadata": {"labels": {label: value}}}}}


def told(
    monkeypatch: pytest.MonkeyPatch,
    root: Path,
    objects: list[dict[str, Any]],
    values: dict[str, Any] | None = None,
    *,
    name: object = "acme-agent",
    urn: str = _TENANT,
) -> list[str]:
    monkeypatch.setattr(selectors, "objects_of", lambda _: objects)
    declared = Declaration(RELEASE, urn, {"name": name, "values": values or {}})
    return [found.text for found in unselected_pods(declared, root=root)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    stack_settings.cache_clear()
    return tmp_path


def says(root: Path, isolation: str) -> None:
    (root / "config").mkdir()
    stack = f"config: {{'clearml-tenants:stack': {{isolation: {isolation}}}}}\n"
    (root / "config" / "Pulumi.prod.yaml").write_text(stack)


@pytest.mark.parametrize(
    "objects",
    [
        [of(_INSTANCE, "acme-agent-clearml-agent")],  # the public chart, from a folder
        [of(_INSTANCE, "another")],
        [of(_NAME, "acme-agent")],
        [of("release", "acme-agent")],
        [{"kind": "Deployment", "spec": {"template": {}}}],
        [of(_INSTANCE, "x", "StatefulSet"), of(_INSTANCE, "y")],
    ],
)
def test_pods_that_no_policy_selects(
    monkeypatch: pytest.MonkeyPatch, root: Path, objects: list[dict[str, Any]]
) -> None:
    (line,) = told(monkeypatch, root, objects)
    assert line.startswith("release acme-agent: its chart labels pods with ")
    assert f"the tenant's policies select {_INSTANCE}: acme-agent" in line
    assert line.endswith("fullnameOverride: acme-agent")


@pytest.mark.parametrize(
    ("objects", "values"),
    [
        ([of(_INSTANCE, "acme-agent")], {}),
        ([of(_INSTANCE, "x", "StatefulSet"), of(_INSTANCE, "acme-agent")], {}),
        ([of(_INSTANCE, "mine")], {"fullnameOverride": "mine"}),
        ([of(_INSTANCE, "acme-agent")], {"fullnameOverride": "mine"}),
        ([of(_INSTANCE, "a" * 63)], {"fullnameOverride": "a" * 70}),
        ([of(_INSTANCE, "x", "Job")], {}),
        ([], {}),
    ],
)
def test_pods_that_one_selects(
    monkeypatch: pytest.MonkeyPatch, root: Path, objects: list[dict[str, Any]], values: dict[str, Any]
) -> None:
    assert told(monkeypatch, root, objects, values) == []


@pytest.mark.parametrize(
    "isolation", [f"{{network: {{releaseLabel: {_NAME}}}}}", f"{{elsewhere: {{gpu: {{releaseLabel: {_NAME}}}}}}}"]
)
def test_the_stack_s_own_label_counts(monkeypatch: pytest.MonkeyPatch, root: Path, isolation: str) -> None:
    says(root, isolation)
    assert told(monkeypatch, root, [of(_NAME, "acme-agent")]) == []
    (line,) = told(monkeypatch, root, [of(_NAME, "another")])
    assert f"select {_NAME}: acme-agent" in line


@pytest.mark.parametrize(
    ("name", "urn"),
    [(UNKNOWN, _TENANT), ("server", f"urn:pulumi:prod::clearml-tenants::clearml:platform:Platform${RELEASE}::server")],
)
def test_what_is_not_known_and_what_is_no_tenant_s_is_not_judged(
    monkeypatch: pytest.MonkeyPatch, root: Path, name: object, urn: str
) -> None:
    assert told(monkeypatch, root, [of(_INSTANCE, "x")], name=name, urn=urn) == []


def test_what_cannot_be_rendered_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    def fail(_: Declaration) -> list[dict[str, Any]]:
        raise NotRenderedError("helm is not on PATH")

    monkeypatch.setattr(selectors, "objects_of", fail)
    with pytest.raises(NotRenderedError):
        list(unselected_pods(Declaration(RELEASE, _TENANT, {"name": "acme-agent"}), root=root))
