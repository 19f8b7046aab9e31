"""Workers elsewhere: one provider a place, and nobody else's resources move."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from tests.unit.asked import SECOND, TENANT
from tests.unit.deployment import Monitor, finished, inputs, project_with, run_program, start

PROVIDER = "pulumi:providers:kubernetes"
KUBECONFIG = "planted-kubeconfig"
BETA = f"{SECOND}agent: {{queues: {{q: {{}}}}}}\n"
GAMMA = BETA.replace("eta", "amma").replace("B", "G")


def _deployed(folder: Path, tenants: dict[str, str], workers: dict[str, str] | None = None) -> Monitor:
    root = project_with(folder, tenants)
    file = root / "config" / "Pulumi.local.yaml"
    whole = yaml.safe_load(file.read_text())
    whole["config"]["clearml-tenants:kubeconfigs"] = {"gpu": {"secure": "v1:aaa"}}
    stack: dict[str, Any] = whole["config"]["clearml-tenants:stack"]
    stack["tenantRules"] = {"contexts": ["kubeconfig/gpu", "kubeconfig/gpu/context/a", "new"]}
    if workers:
        stack["workers"] = workers
    file.write_text(yaml.safe_dump(whole))
    kubeconfigs = json.dumps({"gpu": KUBECONFIG})
    monitor = start({"clearml-tenants:stack": json.dumps(stack), "clearml-tenants:kubeconfigs": kubeconfigs})
    finished(partial(run_program, root))
    return monitor


def _providers(monitor: Monitor) -> dict[str, str]:
    """Provider of each namespace, by the namespace's name."""
    return {each.name: each.provider.split("::")[-2] for each in monitor.of_type("kubernetes:core/v1:Namespace")}


def test_a_tenant_elsewhere_leaves_the_others_where_they_are(tmp_path: Path) -> None:
    monitor = _deployed(tmp_path, {"acme": f"{TENANT}workers: {{kubeconfig: gpu}}\n", "beta": BETA})
    assert _providers(monitor) == {"clearml": "kubernetes", "acme": "kubernetes/kubeconfig/gpu", "beta": "kubernetes"}
    releases = {each.name: each.provider.split("::")[-2] for each in monitor.of_type("kubernetes:helm.sh/v3:Release")}
    assert releases["acme-gateway"] == releases["acme-agent"] == "kubernetes/kubeconfig/gpu"


def test_two_tenants_in_one_place_share_its_provider(tmp_path: Path) -> None:
    monitor = _deployed(tmp_path, {"beta": BETA, "gamma": GAMMA}, {"kubeContext": "kind-gpu"})
    elsewhere = "kubernetes/context/kind-gpu"
    assert _providers(monitor) == {"clearml": "kubernetes", "beta": elsewhere, "gamma": elsewhere}
    assert sorted(each.name for each in monitor.of_type(PROVIDER)) == ["kubernetes", elsewhere]
    assert inputs(monitor.one(PROVIDER, elsewhere))["context"] == "kind-gpu"
    assert inputs(monitor.one(PROVIDER, elsewhere))["enableSecretMutable"] == "true"


def test_the_stacks_own_context_by_name_is_no_other_place(tmp_path: Path) -> None:
    monitor = _deployed(tmp_path, {"beta": BETA}, {"kubeContext": "kwok-clearml-tenants"})
    assert [each.name for each in monitor.of_type(PROVIDER)] == ["kubernetes"]


def test_a_kubeconfig_is_a_secret(tmp_path: Path) -> None:
    monitor = _deployed(tmp_path, {"beta": f"{BETA}workers: {{kubeconfig: gpu, kubeContext: a}}\n"})
    asked = inputs(monitor.one(PROVIDER, "kubernetes/kubeconfig/gpu/context/a"))
    assert asked["kubeconfig"] == {"secret": KUBECONFIG}
    assert asked["context"] == "a"
    assert monitor.one(PROVIDER, "kubernetes/kubeconfig/gpu/context/a").additionalSecretOutputs == ["kubeconfig"]


def test_a_clusters_name_stands_for_it_whatever_way_leads_there(tmp_path: Path) -> None:
    monitor = _deployed(tmp_path, {"beta": f"{BETA}workers: {{kubeContext: new, cluster: context/old}}\n"})
    asked = inputs(monitor.one(PROVIDER, "kubernetes/context/old"))
    assert (asked["context"], asked["clusterIdentifier"]) == ("new", "local/context/old")
