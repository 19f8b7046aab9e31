"""An installation to be adopted, empty or by the guide's own calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator, start_emulator
from tests.operations.adoption.cluster_lists import ClusterLists, serving
from tests.operations.adoption.installation import guide, project
from tests.operations.adoption.site import Site


@pytest.fixture
def site(tmp_path: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site(project(tmp_path / "project", emulator), emulator, ClusterLists())
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    with serving(made.lists, tmp_path / "kubeconfig"):
        yield made


@pytest.fixture
def installed(site: Site) -> Site:
    site.tenants = guide(site.emulator, site.lists)
    site.emulator.clear_calls()
    return site


@pytest.fixture
def site_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A site whose server answers by other assumptions."""
    running: list[Emulator] = []
    lists = ClusterLists()
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))

    def start(**assumed: Any) -> Site:
        running.append(start_emulator(tmp_path, {"EMULATOR_ASSUMPTIONS": json.dumps(assumed)}))
        return Site(project(tmp_path / "project", running[0]), running[0], lists)

    with serving(lists, tmp_path / "kubeconfig"):
        yield start
    for each in running:
        each.stop()
