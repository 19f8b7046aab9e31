"""Charts and images from elsewhere than the stack's file lists violate a policy, in values and in what charts make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policy.declaration import Declaration
from policy.registries import foreign_images, registries_of, unlisted_registries
from rendering.unknown import UNKNOWN
from settings.types.naming import NAMESPACE, RELEASE
from settings.types.registries import DEFAULT_REGISTRIES

_URN = f"urn:pulumi:prod::clearml-tenants::clearml:tenant:Tenant$clearml:tenant:Agent${RELEASE}::acme-agent"


def _found(root: Path, **props: Any) -> list[str]:
    return [violation.text for violation in unlisted_registries(Declaration(RELEASE, _URN, props), root=root)]


@pytest.mark.parametrize(
    ("props", "what"),
    [
        ({"chart": "oci://registry.evil.example/agent"}, "its chart comes from oci://registry.evil.example/agent"),
        (
            {"chart": "agent", "repositoryOpts": {"repo": "https://evil.example"}},
            "its chart comes from https://evil.example",
        ),
        (
            {"values": {"agentk8sglue": {"defaultContainerImage": "ghcr.io/evil/a"}, "token": UNKNOWN}},
            "values.agentk8sglue.defaultContainerImage is an image from ghcr.io/evil/a",
        ),
        (
            {"values": {"image": "python:3.12 --privileged"}},
            "values.image names no image",
        ),
    ],
)
def test_a_release_from_elsewhere_is_found(tmp_path: Path, props: dict[str, Any], what: str) -> None:
    assert _found(tmp_path, **props) == [
        f"release acme-agent: {what}, which is none of the stack's registries: take another, or list it there"
    ]


@pytest.mark.parametrize(
    "props",
    [
        {"chart": "oci://docker.io/clearml/agent", "values": {"image": "python:3.12"}},
        {"chart": "./local/charts/agent"},
        {"chart": "agent", "repositoryOpts": {"repo": "http://127.0.0.1:8080"}},
        {"chart": UNKNOWN, "values": UNKNOWN},
    ],
)
def test_the_usual_places_a_folder_and_this_machine_are_sound(tmp_path: Path, props: dict[str, Any]) -> None:
    assert _found(tmp_path, **props) == []
    assert list(unlisted_registries(Declaration(NAMESPACE, "", {"image": "evil.example/a"}))) == []


def test_what_the_stacks_file_lists_takes_the_defaults_place(tmp_path: Path) -> None:
    file = tmp_path / "config" / "Pulumi.prod.yaml"
    file.parent.mkdir()
    file.write_text("config: {'clearml-tenants:stack': {registries: ['index.docker.io/mirror', 'r.example:5000/x/']}}")
    assert registries_of("prod", tmp_path) == ("docker.io/mirror", "r.example:5000/x")
    assert len(_found(tmp_path, chart="oci://docker.io/clearml/agent")) == 1
    assert _found(tmp_path, chart="oci://r.example:5000/x/agent") == []


@pytest.mark.parametrize("text", ["{", "[]", "config: {'clearml-tenants:stack': {registries: all}}"])
def test_a_file_that_lists_nothing_leaves_the_safe_default(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "Pulumi.prod.yaml").write_text(text)
    assert registries_of("prod", tmp_path) == registries_of("dev", tmp_path) == DEFAULT_REGISTRIES


def test_an_image_that_a_chart_makes_is_found_wherever_it_runs() -> None:
    spec = {"containers": [{"image": "docker.io/clearml/a:1"}], "initContainers": [{"image": "evil/init"}]}
    objects = [{"kind": "Deployment", "metadata": {"name": "x"}, "spec": {"template": {"spec": spec}}}]
    assert list(foreign_images(objects, DEFAULT_REGISTRIES)) == ["Deployment x has an image from docker.io/evil/init"]
