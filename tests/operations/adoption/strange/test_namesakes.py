"""Companies that are called alike, as a server without unique names has them: none is guessed, by adopt or by a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from components.clearml.api.calls import companies
from components.clearml.api.client import Client
from components.clearml.api.connection import Connection
from tests.emulator import Emulator
from tests.operations.adoption.cluster_lists import ClusterLists, serving
from tests.operations.adoption.installation import Tenant, agent_values, make_tenant, project, server_values
from tests.operations.adoption.site import Site

_ALIKE = ("Acme Inc.", "ACME Inc.", "Acme Inc. ")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    lists = ClusterLists()
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    emulator = Emulator(tmp_path, {"CLEARML__apiserver__company__unique_names": "false"})
    with serving(lists, tmp_path / "kubeconfig"):
        yield Site(project(tmp_path / "project", emulator), emulator, lists)
    emulator.stop()


def _two(site: Site, second: str) -> tuple[Tenant, Tenant]:
    found = []
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(site.emulator))
    for name, tenant in (("Acme Inc.", "acme"), (second, "beta"), ("Other", "other")):
        made = make_tenant(site.emulator, name, f"admin@{tenant}.example")
        site.lists.install(tenant, f"{tenant}-agent", "clearml-enterprise-agent", agent_values(made))
        found.append(made)
    return found[0], found[1]


def _files(site: Site) -> list[str]:
    return sorted(path.stem for path in (site.root / "config/tenants/prod").glob("*.yaml"))


@pytest.mark.parametrize("second", _ALIKE)
def test_neither_gets_a_file_and_one_line_has_both_ids(site: Site, second: str) -> None:
    acme, beta = _two(site, second)
    site.run()
    assert _files(site) == ["other"]
    (line,) = [each for each in site.report.splitlines() if "called alike" in each]
    assert acme.company in line
    assert beta.company in line
    assert "acme/acme-agent, beta/beta-agent" in line
    assert "acme" not in str(site.settings.get("takeOver"))
    site.load()


@pytest.mark.parametrize("second", _ALIKE)
def test_a_file_with_the_name_alone_is_neithers(site: Site, second: str) -> None:
    """What is there already stays sound: `make check` takes the files, and a run asks which one."""
    acme, beta = _two(site, second)
    there = site.root / "config/tenants/prod/one.yaml"
    there.parent.mkdir(parents=True)
    there.write_text("company: Acme Inc.\nadmin: {name: Admin, email: admin@acme.example}\n")
    site.run()
    assert _files(site) == ["one", "other"]
    assert "| one | company |" not in site.report
    assert all(each.company in site.report for each in (acme, beta))
    site.load()


@pytest.mark.parametrize("second", _ALIKE)
def test_given_another_name_both_are_adopted_by_what_runs(site: Site, second: str) -> None:
    """As the line says: renamed on the server, then the same once more."""
    _, beta = _two(site, second)
    site.run()
    with Client(Connection(site.emulator.url, site.emulator.key, site.emulator.secret)) as client:
        companies.rename(client, beta.admin, "Beta")
    site.run(overwrite=True)
    assert _files(site) == ["acme", "beta", "other"]
    assert "called alike" not in site.report
    assert {"acme", "beta"} <= {*site.settings["takeOver"]}
    site.load()


@pytest.mark.parametrize("second", _ALIKE)
def test_a_file_that_knows_its_company_by_id_tells_both_apart(site: Site, second: str) -> None:
    """Its own name is what a deploy gives that company; the other one is named by its id, too, until then."""
    acme, beta = _two(site, second)
    there = site.root / "config/tenants/prod/beta.yaml"
    there.parent.mkdir(parents=True)
    file = {"company": "Beta", "companyId": beta.company, "admin": {"name": "B", "email": "admin@beta.example"}}
    there.write_text(yaml.safe_dump(file))
    site.run()
    assert _files(site) == ["acme", "beta", "other"]
    assert site.file("acme")["adopt"] is True
    assert site.settings["adoptions"]["acme"] == acme.company
    assert "called alike" not in site.report
