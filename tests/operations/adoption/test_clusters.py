"""Workers in other clusters, and releases that Helm keeps in ConfigMaps: all are found, none is mixed up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from operations.errors import OperationError
from operations.releases.config_maps import in_config_maps
from operations.releases.inventory import ReleaseAddress
from settings.models.cluster_ref import ClusterRef
from tests.operations.adoption.cluster_lists import CONTEXT, ClusterLists, serving
from tests.operations.adoption.installation import agent_values, gateway_values, make_tenant, server_values
from tests.operations.adoption.site import Site

_AGENT, _SERVER, _GATEWAY = "clearml-enterprise-agent", "clearml-enterprise", "clearml-enterprise-app-gateway"
_SYSTEM = "/api/v1/namespaces/kube-system"
_BOTH = f"{CONTEXT},gpu"


@pytest.fixture
def gpu(site: Site, tmp_path: Path) -> Iterator[ClusterLists]:
    """Another cluster, which the same kubeconfig knows; the server is in the first."""
    lists = ClusterLists(uid="2")
    site.lists.install("clearml", "clearml-enterprise", _SERVER, server_values(site.emulator))
    with serving(lists, tmp_path / "kubeconfig", "gpu"):
        yield lists


def test_each_tenant_says_where_its_workers_are(site: Site, gpu: ClusterLists) -> None:
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    beta = make_tenant(site.emulator, "Beta Ltd.", "admin@beta.example")
    site.lists.install("acme", "acme-agent", _AGENT, agent_values(acme))
    gpu.install("beta", "beta-agent", _AGENT, agent_values(beta))
    gpu.add("quotas", "beta", "of-the-team", {"hard": {"pods": "7"}})
    site.run(context=_BOTH)
    assert "workers" not in site.file("acme")
    assert site.file("beta")["workers"] == {"kubeContext": "gpu"}
    assert site.file("beta")["isolation"] == {"quota": {"pods": 7}}
    assert site.settings["kubeContext"] == CONTEXT
    assert site.settings["tenantRules"] == {"tenants": {"beta": {"contexts": ["gpu"]}}}
    assert site.settings["takeOver"][2:] == ["acme", "acme/acme-agent", "beta", "beta/beta-agent"]
    assert "release beta/beta-agent in gpu (clearml-enterprise-agent" in site.report
    granted = "| beta | workers.kubeContext | its workers are in context gpu, and its file may say so only where"
    assert granted in site.report
    environment = site.load()
    assert [str(environment.stack.cluster_of(each.workers)) for each in environment.tenants] == [
        f"context/{CONTEXT}",
        "context/gpu",
    ]
    again = site.run(context="")
    assert not [line for line in again if line.endswith(": written")]


def test_the_servers_cluster_need_not_be_named_first(site: Site, gpu: ClusterLists) -> None:
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    gpu.install("acme", "acme-agent", _AGENT, agent_values(acme))
    site.run(context=f"gpu, {CONTEXT}")
    assert site.settings["kubeContext"] == CONTEXT
    assert site.file("acme")["workers"] == {"kubeContext": "gpu"}


def test_namespaces_of_one_name_in_two_clusters_are_kept_apart(site: Site, gpu: ClusterLists) -> None:
    """Two companies: one keeps the name, the other is called after itself, and its release is not taken over."""
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    beta = make_tenant(site.emulator, "Beta Ltd.", "admin@beta.example")
    site.lists.install("ml", "agent", _AGENT, agent_values(acme, queues={"one": {}}))
    gpu.install("ml", "agent", _AGENT, agent_values(beta, queues={"two": {}}))
    gpu.add("quotas", "ml", "of-beta", {"hard": {"pods": "7"}})
    site.run(context=_BOTH)
    assert site.file("ml")["company"] == "Acme Inc."
    assert site.file("ml")["agent"]["queues"] == {"one": {}}
    assert "isolation" not in site.file("ml")
    assert site.file("beta")["agent"]["queues"] == {"two": {}}
    assert site.settings["takeOver"][2:] == ["ml", "ml/agent"]
    assert "| beta | agent | release ml/agent in gpu " in site.report
    assert "stays, and beta/beta-agent is installed beside it" in site.report
    assert site.load()


def test_releases_of_one_company_in_two_clusters_are_not_made_one_tenants(site: Site, gpu: ClusterLists) -> None:
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("acme", "acme-agent", _AGENT, agent_values(acme))
    site.lists.install("acme", "acme-gateway", _GATEWAY, gateway_values(acme, "router.acme.clearml.example.com"))
    gpu.install("acme", "acme-agent", _AGENT, agent_values(acme, queues={"gpu": {}}))
    site.run(context=_BOTH)
    assert site.file("acme")["agent"]["queues"] == {"default": {"queueSettings": {"maxPods": 10}}}
    assert "agents" not in site.file("acme")
    assert "workers" not in site.file("acme")
    text = (
        "release acme/acme-agent in gpu is of this company too, and a tenant's workers are in one cluster, here paper"
    )
    assert f"| acme | workers | {text}" in site.report


def test_a_tenant_that_a_stacks_file_does_not_let_there_gets_no_file(site: Site, gpu: ClusterLists) -> None:
    """Without its place, a deploy would make its workers anew in the server's cluster."""
    site.run()
    before = (site.root / "config/Pulumi.prod.yaml").read_text()
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    gpu.install("acme", "acme-agent", _AGENT, agent_values(acme))
    site.run(context=_BOTH, report="second.md")
    assert not (site.root / "config/tenants/prod/acme.yaml").exists()
    assert (site.root / "config/Pulumi.prod.yaml").read_text() == before
    report = (site.root / "second.md").read_text()
    assert "| acme | workers.kubeContext | no file is written for this tenant: 'gpu' is no cluster that the" in report


def test_a_namespace_is_labelled_in_the_cluster_that_was_read(site: Site) -> None:
    """A company without releases, and one context: kubectl would label in whichever is the person's current one."""
    make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.namespaces["acme"] = {}
    site.run()
    assert f"kubectl label namespace acme clearml-tenants/stack=prod --context {CONTEXT} |" in site.report


def test_two_contexts_of_one_cluster_are_an_error(site: Site, gpu: ClusterLists) -> None:
    gpu.uid = site.lists.uid
    with pytest.raises(OperationError, match=f"^CONTEXT: {CONTEXT} and gpu are the same cluster: name one of the two$"):
        site.run(context=_BOTH)


def test_two_contexts_are_told_to_be_one_cluster_by_the_list_of_namespaces(site: Site, gpu: ClusterLists) -> None:
    """An account that may list namespaces and not get one."""
    for lists in (site.lists, gpu):
        lists.refused = {_SYSTEM}
        lists.namespaces["kube-system"] = {}
    gpu.uid = site.lists.uid
    with pytest.raises(OperationError, match=f"^CONTEXT: {CONTEXT} and gpu are the same cluster"):
        site.run(context=_BOTH)
    gpu.uid = "2"
    site.run(context=_BOTH)


def test_contexts_of_which_nobody_can_say_whether_they_are_one_cluster_are_refused(
    site: Site, gpu: ClusterLists
) -> None:
    gpu.refused = {_SYSTEM, "/api/v1/namespaces"}
    with pytest.raises(OperationError, match="CONTEXT: whether gpu is a cluster of its own"):
        site.run(context=_BOTH)


def test_workers_that_a_kubeconfig_leads_to_are_in_no_context(site: Site, gpu: ClusterLists) -> None:
    """Without its context in the tenant's file, a deploy would make the agent anew where the kubeconfig leads."""
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("acme", "acme-agent", _AGENT, agent_values(acme))
    file = site.root / "config/Pulumi.prod.yaml"
    secret = "  clearml-tenants:kubeconfigs:\n    gpu: {secure: v1:a}\n"
    there = f"{secret}  clearml-tenants:stack: {{workers: {{kubeconfig: gpu}}}}\n"
    file.write_text(f"{file.read_text()}{there}")
    site.run(context=_BOTH, report="second.md", overwrite=True)
    assert site.settings["workers"] == {"kubeconfig": "gpu"}
    assert site.file("acme")["workers"] == {"kubeContext": CONTEXT}
    assert site.settings["tenantRules"] == {"tenants": {"acme": {"contexts": [CONTEXT]}}}


def test_a_cluster_that_is_taken_for_the_servers_is_told(site: Site, tmp_path: Path) -> None:
    with serving(ClusterLists(uid="2"), tmp_path / "kubeconfig", "gpu"):
        site.run(context=f"gpu,{CONTEXT}")
    assert site.settings["kubeContext"] == "gpu"
    assert "| the whole stack | kubeContext | no release says which cluster is the server's: context gpu" in site.report


def test_a_release_in_a_config_map_is_found_and_told(site: Site) -> None:
    """`HELM_DRIVER=configmap`: Helm's record is there as it would be in a Secret."""
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("clearml", "clearml-enterprise", _SERVER, server_values(site.emulator))
    site.lists.install_in_config_map("acme", "by-hand", _AGENT, agent_values(acme))
    site.run()
    assert site.file("acme")["agent"]["releaseName"] == "by-hand"
    assert (
        "| acme | agent | Helm keeps release acme/by-hand in ConfigMaps (HELM_DRIVER=configmap), and this program "
        "looks into Secrets: move its record before make takeover (docs/adoption.md, Releases in ConfigMaps) |"
    ) in site.report
    assert site.load()


def test_an_account_that_sees_config_maps_alone_reads_what_is_there(site: Site) -> None:
    site.lists.install_in_config_map("clearml", "clearml-enterprise", _SERVER, server_values(site.emulator))
    site.lists.refused = {"/api/v1/secrets"}
    site.run()
    assert site.settings["server"]["release"] == "clearml-enterprise"
    assert "* releases in Secrets: the account of this kubeconfig may not list them" in site.report


def test_no_release_at_all_is_told(site: Site) -> None:
    site.run()
    assert (
        "| the whole stack | releases | Helm has no release of ClearML's charts in Secrets or ConfigMaps of"
        in site.report
    )


def test_a_run_asks_for_config_maps_only_where_something_is_to_be_made(site: Site, tmp_path: Path) -> None:
    place = ClusterRef(kube_context=CONTEXT)
    spots = [ReleaseAddress(place, "acme", name) for name in ("by-hand", "acme-agent")]
    site.lists.install_in_config_map("acme", "by-hand", _AGENT, {})
    kubeconfig = str(tmp_path / "kubeconfig")
    assert in_config_maps(kubeconfig, CONTEXT, spots) == spots[:1]
    asked = len(site.lists.requests)
    assert in_config_maps(kubeconfig, CONTEXT, []) == []
    assert len(site.lists.requests) == asked
    site.lists.refused = {"/api/v1/configmaps"}
    assert in_config_maps(kubeconfig, CONTEXT, spots) == []
