"""A cluster in which others were first: nothing of theirs is changed, and every way on that is told ends in no change.

By real helm and plain pulumi, as a person and as another stack of ours would have made it. One cluster for the file;
the first three tests go on from each other.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.e2e.site import Site, changed
from tests.e2e.takeover.by_hand import SERVER, agent_values, install
from tests.e2e.takeover.installation import core

AGENT = agent_values({"access_key": "HANDMADE", "secret_key": "hand-made"})
# That of whoever runs the other stack: `make env` would keep this one's from it.
OTHERS_SHELL = "unset CLEARML_TENANTS_STACK;"
UP = "pulumi up --stack local --non-interactive --yes --skip-preview 2>&1"
PREVIEW = "pulumi preview --stack {} --non-interactive --expect-no-changes 2>&1"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything runs, nothing is deployed."""
    made = Site.copy(tmp_path_factory.mktemp("contact") / "project")
    made.plant_secrets()
    assert made.run("preview").code == 0
    yield made
    made.run("down")


def _theirs(site: Site, *namespaces: str) -> dict[str, Any]:
    """What is in these namespaces, as it would be seen to have been touched."""
    releases = {
        each["name"]: (each["revision"], each["status"], each["updated"])
        for each in site.helm("list", "--all-namespaces", "--all")
        if each["namespace"] in namespaces
    }
    api = core(site)
    labels = {name: dict(api.read_namespace(name).metadata.labels) for name in namespaces}
    pods = {name: {pod.metadata.uid for pod in api.list_namespaced_pod(name).items} for name in namespaces}
    return {"releases": releases, "labels": labels, "pods": pods}


def _refused(site: Site, command: str, *told: str) -> None:
    done = site.run(command)
    assert done.code == 1, done.output
    assert len(done.errors) == len(told), done.output
    for said, line in zip(told, done.errors, strict=True):
        assert said in line
    assert "Traceback" not in done.output


def _refused_by_hand(site: Site, told: str) -> None:
    """Plain pulumi, without `make heal` beforehand: no namespace is taken over, and a preview says it."""
    for command in ("pulumi preview --stack local --non-interactive 2>&1", UP):
        done = site.shell(command)
        assert done.code != 0, done.output
        assert told in done.output
        assert "Traceback" not in done.output


def _nothing_to_do(site: Site) -> None:
    preview = site.shell(PREVIEW.format("local"))
    assert preview.code == 0, preview.output


def _edit(site: Site, file: str, edit: Any) -> None:
    path = site.root / file
    content = yaml.safe_load(path.read_text())
    edit(content)
    path.write_text(yaml.safe_dump(content, sort_keys=False))


def _get_out_of_the_way(site: Site) -> None:
    """As told: another namespace for the server, and another name for the tenant's file."""

    def other(content: dict[str, Any]) -> None:
        content["config"]["clearml-tenants:stack"]["server"]["namespace"] = "clearml-2"

    _edit(site, "config/Pulumi.local.yaml", other)
    tenants = site.root / "config" / "tenants" / "local"
    if not (tenants / "beta.yaml").exists():
        (tenants / "acme.yaml").rename(tenants / "beta.yaml")


@pytest.fixture
def deployed(site: Site) -> Site:
    """The stack under those names, whatever is there beside it."""
    _get_out_of_the_way(site)
    site.up()
    return site


def test_a_server_and_an_agent_by_hand_stop_the_first_deploy_and_stay(site: Site) -> None:
    """`make up` and `make heal`; then both other names, as told, to an empty preview."""
    install(site, "clearml", "clearml-enterprise", "clearml-enterprise", SERVER)
    install(site, "acme", "clearml-enterprise-agent", "clearml-enterprise-agent", AGENT)
    before = _theirs(site, "clearml", "acme")
    told = ("namespace clearml (", "namespace acme (", "release clearml/clearml-enterprise (")
    _refused(site, "up", *(f"in the way: {line}" for line in told))
    _refused(site, "heal", *told)
    assert _theirs(site, "clearml", "acme") == before
    assert site.state()["companies"] == [each for each in site.state()["companies"] if each["name"] != "Acme Inc."]

    _get_out_of_the_way(site)
    site.up()
    _nothing_to_do(site)
    assert _theirs(site, "clearml", "acme") == before


def test_an_agent_by_hand_stays_after_a_deploy_that_failed_on_it(deployed: Site) -> None:
    """Accident: heal took it for one of a run that died. Its namespace was given to the stack, as told."""
    site = deployed
    install(site, "acme", "acme-agent", "clearml-enterprise-agent", AGENT)
    tenants = site.root / "config" / "tenants" / "local"
    acme = yaml.safe_load((tenants / "beta.yaml").read_text())
    acme |= {"company": "Acme Too", "admin": {"name": "A", "email": "admin@too.example"}, "signIn": {}}
    del acme["gateway"]
    (tenants / "acme.yaml").write_text(yaml.safe_dump(acme))
    _refused(site, "up", "namespace acme (", "release acme/acme-agent (")
    untouched = _theirs(site, "acme")
    _refused_by_hand(site, "namespace acme (context/kwok-clearml-tenants) is there, made by hand or by another program")
    assert _theirs(site, "acme") == untouched
    # kubectl label --overwrite namespace acme clearml-tenants/stack=local
    core(site).patch_namespace("acme", {"metadata": {"labels": {"clearml-tenants/stack": "local"}}})
    before = _theirs(site, "acme")
    done = site.shell(UP)
    assert done.code != 0
    assert "cannot re-use a name that is still in use" in done.output
    _refused(site, "heal", "release acme/acme-agent (")
    _refused(site, "up", "release acme/acme-agent (")
    assert _theirs(site, "acme")["releases"] == before["releases"]
    assert _theirs(site, "acme")["pods"] == before["pods"]

    # As told: ours gets another name in its file.
    site.edit_tenant("acme", {"agent": None, "agents": {"cpu": acme["agent"]}})
    told = site.up().output
    assert "left alone: release acme/clearml-enterprise-agent" in told
    assert "left alone: release acme/acme-agent" in told
    _nothing_to_do(site)
    assert _theirs(site, "acme")["pods"]["acme"] > before["pods"]["acme"]
    assert "beside" in site.run("status").output


def test_a_namespace_with_somebodys_release_is_not_deleted(site: Site) -> None:
    path = site.root / "config" / "tenants" / "local" / "acme.yaml"
    kept = path.read_text()
    path.unlink()
    _refused(site, "up", "release acme/acme-agent (", "release acme/clearml-enterprise-agent (")
    assert "acme" in site.namespaces()
    path.write_text(kept)
    _refused(site, "destroy", "release acme/acme-agent (", "release acme/clearml-enterprise-agent (")
    site.up()
    _nothing_to_do(site)
    for name in ("acme-agent", "clearml-enterprise-agent"):
        assert site.shell(f"helm uninstall {name} --namespace acme --wait").code == 0
    path.unlink()
    site.up()
    assert "acme" not in site.namespaces()
    _nothing_to_do(site)


def test_another_stack_of_ours_in_the_same_cluster_stays(deployed: Site) -> None:
    """Accident: what is in its state and not in ours was taken for what a run had left."""
    site = deployed
    folder = site.root / "config"
    shutil.copy(folder / "Pulumi.local.yaml", folder / "Pulumi.other.yaml")
    (folder / "tenants" / "other").mkdir()
    tenant = yaml.safe_load((folder / "tenants" / "local" / "beta.yaml").read_text())
    tenant |= {"company": "Gamma", "admin": {"name": "G", "email": "admin@gamma.example"}, "signIn": {}}
    tenant["gateway"] = {"hostName": "router.gamma.clearml.example"}
    (folder / "tenants" / "other" / "gamma.yaml").write_text(yaml.safe_dump(tenant))

    def other(content: dict[str, Any]) -> None:
        content["config"]["clearml-tenants:stack"]["server"]["namespace"] = "clearml-other"

    _edit(site, "config/Pulumi.other.yaml", other)
    initialized = site.shell(f"{OTHERS_SHELL} pulumi stack init other 2>&1")
    assert initialized.code == 0, initialized.output
    made = site.shell(f"{OTHERS_SHELL} pulumi up --stack other --non-interactive --yes --skip-preview 2>&1")
    assert made.code == 0, made.output
    before = _theirs(site, "clearml-other", "gamma")
    assert len(before["releases"]) == 3
    assert changed(site.up().output) == 0
    assert site.run("heal").code == 0
    assert _theirs(site, "clearml-other", "gamma") == before
    again = site.shell(f"{OTHERS_SHELL} {PREVIEW.format('other')} --refresh")
    assert again.code == 0, again.output

    # Its names are in the way, and stay theirs.
    shutil.copy(folder / "tenants" / "other" / "gamma.yaml", folder / "tenants" / "local" / "gamma.yaml")
    _edit(site, "config/tenants/local/gamma.yaml", lambda file: file.update(company="Gamma Too"))
    _edit(site, "config/tenants/local/gamma.yaml", lambda file: file["admin"].update(email="admin@too.gamma.example"))
    _refused(
        site,
        "up",
        "namespace gamma (context/kwok-clearml-tenants) is there, made by stack other: ",
        "release gamma/gamma-agent (",
        "release gamma/gamma-gateway (",
    )
    _refused_by_hand(site, "namespace gamma (context/kwok-clearml-tenants) is there, made by stack other")
    (folder / "tenants" / "local" / "gamma.yaml").unlink()
    assert _theirs(site, "clearml-other", "gamma") == before


def test_what_runs_goes_on_when_the_state_is_lost(deployed: Site) -> None:
    """Accident: `make up` uninstalled all of it first. With the state back, as is told, nothing is to be done."""
    site = deployed
    before = _theirs(site, "clearml-2", "beta")
    state = site.data / "state" / ".pulumi" / "stacks"
    state.rename(site.data / "kept")
    for command in ("up", "heal"):
        done = site.run(command)
        assert done.code == 1, done.output
        assert [line.split(" (")[0] for line in done.errors] == [
            "error: in the way: release beta/beta-agent",
            "error: in the way: release beta/beta-gateway",
            "error: in the way: release clearml-2/clearml-enterprise",
        ]
    assert _theirs(site, "clearml-2", "beta") == before
    shutil.rmtree(state, ignore_errors=True)
    (site.data / "kept").rename(state)
    assert changed(site.up().output) == 0
    assert _theirs(site, "clearml-2", "beta") == before


def test_a_lost_state_without_a_backup_can_be_made_anew(deployed: Site) -> None:
    """Accident: the credentials' Secrets of before ended the run in a field conflict. Nothing of the API is doubled."""
    site = deployed
    people = {kind: site.state()[kind] for kind in ("companies", "users")}
    shutil.rmtree(site.data / "state" / ".pulumi" / "stacks")
    assert site.shell("pulumi stack init local 2>&1").code == 0
    assert site.run("heal").code == 1
    for namespace, release in (("beta", "beta-agent"), ("beta", "beta-gateway"), ("clearml-2", "clearml-enterprise")):
        done = site.shell(f"helm uninstall {release} --namespace {namespace} --wait 2>&1")
        assert done.code == 0, done.output
    assert site.run("heal").code == 0
    done = site.shell(f"PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true PULUMI_K8S_ENABLE_PATCH_FORCE=true {UP}")
    assert done.code == 0, done.output
    # The provider keeps the switch as long as it is set.
    assert changed(site.up().output) == 1
    _nothing_to_do(site)
    assert {kind: site.state()[kind] for kind in ("companies", "users")} == people
