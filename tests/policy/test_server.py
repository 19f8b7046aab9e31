"""The server's release reaches into nobody's namespace; what it makes for the whole cluster is told."""

from __future__ import annotations

import os
from typing import Any

import pytest

from local.toolchain import install_tools
from policy.declaration import Declaration
from policy.server import foreign_objects, foreign_rights, wide_objects
from settings.types.naming import PLATFORM, RELEASE
from tests.local.helm import LEAST, SERVER, merged

_BINDING = {"kind": "ClusterRoleBinding", "metadata": {"name": "b"}}


@pytest.fixture(autouse=True)
def _helm_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = install_tools(["helm"])["helm"].path.parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def _server(urn: str = f"{PLATFORM}$", **values: Any) -> Declaration:
    props = {"chart": f"./local/charts/{SERVER}", "values": merged(LEAST[SERVER], values), "namespace": "clearml"}
    return Declaration(RELEASE, f"urn:pulumi:prod::clearml-tenants::{urn}{RELEASE}::clearml-enterprise", props)


def test_the_stand_in_reaches_nowhere_and_its_images_are_listed() -> None:
    assert list(foreign_rights(_server())) == []
    assert list(wide_objects(_server())) == []


def test_an_image_from_elsewhere_is_told() -> None:
    """The server's chart was rendered for no policy."""
    image = {"registry": "registry.evil.example", "repository": "clearml/server", "tag": "1"}
    told = [found.text for found in wide_objects(_server(apiserver={"image": image}))]
    assert told == [
        "release clearml-enterprise: Deployment clearml-enterprise-apiserver has an image from "
        "registry.evil.example/clearml/server: look whether its chart needs it"
    ]
    assert list(wide_objects(_server("", apiserver={"image": image}))) == []


@pytest.mark.parametrize(
    ("made", "text"),
    [
        ({"kind": "Secret", "metadata": {"name": "s", "namespace": "acme"}}, "lies in namespace acme"),
        (
            {**_BINDING, "subjects": [{"kind": "Group", "name": "system:authenticated"}]},
            "Group system:authenticated",
        ),
        (
            {**_BINDING, "subjects": [{"kind": "ServiceAccount", "name": "x", "namespace": "acme"}]},
            "ServiceAccount x",
        ),
    ],
)
def test_what_reaches_out_of_the_servers_namespace_is_found(made: dict[str, Any], text: str) -> None:
    (line,) = foreign_objects("clearml", [made])
    assert text in line


def test_its_own_account_may_have_rights() -> None:
    own = {**_BINDING, "subjects": [{"kind": "ServiceAccount", "name": "x", "namespace": "clearml"}]}
    assert list(foreign_objects("clearml", [own])) == []
