"""Where workers run, under another name or moved: the same cluster keeps everything, another one gets it anew."""

from __future__ import annotations

from collections import Counter

import pytest
from pulumi import automation

from tests.api.program import Program
from tests.tenants import whole


class Site:
    """One tenant whose workers are elsewhere, deployed."""

    def __init__(self, program: Program) -> None:
        self.program = program
        for name in ("gpu", "gpu-new"):
            path, value = f"kubeconfigs.{name}", automation.ConfigValue(f"content of {name}", secret=True)
            program.stack.set_config(path, value, path=True)

    def write(self, workers: dict[str, str]) -> None:
        self.program.write("acme", {**whole("acme"), "workers": workers})

    def changes(self, workers: dict[str, str]) -> Counter[str]:
        """What a preview would do in the end with each of the tenant's objects, if its workers were there."""
        self.write(workers)
        planned = self.program.planned()
        return Counter(what for urn, what in planned.items() if "Tenant$" in urn and "kubernetes:" in urn)


@pytest.fixture
def site(program: Program) -> Site:
    return Site(program)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"kubeContext": "gpu"}, {"kubeContext": "gpu-new", "cluster": "context/gpu"}),
        ({"kubeContext": "gpu", "cluster": "berlin"}, {"kubeContext": "gpu-new", "cluster": "berlin"}),
        ({"kubeconfig": "gpu"}, {"kubeconfig": "gpu-new", "cluster": "kubeconfig/gpu"}),
    ],
)
def test_another_way_to_the_same_cluster_changes_nothing_there(
    site: Site, before: dict[str, str], after: dict[str, str]
) -> None:
    site.write(before)
    site.program.up()
    assert set(site.changes(after)) == {"same"}
    assert site.program.up().keys() <= {"same", "create", "update", "delete"}  # the provider
    assert set(site.program.preview()) == {"same"}


@pytest.mark.parametrize("moved", [{"kubeContext": "gpu-new"}, {"kubeContext": "gpu", "cluster": "berlin"}])
def test_another_cluster_gets_everything_anew_and_the_old_one_is_cleared(site: Site, moved: dict[str, str]) -> None:
    site.write({"kubeContext": "gpu"})
    site.program.up()
    planned = site.changes(moved)
    assert planned.keys() == {"delete-replaced"}
    assert site.program.up()["replace"] == planned.total() > 8
    assert set(site.program.preview()) == {"same"}
