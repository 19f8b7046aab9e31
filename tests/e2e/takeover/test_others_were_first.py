"""Names that others have already, each in its own way: a deploy stops before it writes, and each told command leads on.

On a real API server, by real helm and kubectl. Every namespace is this stack's by its label, unless it says otherwise.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from kubernetes import client

from tests.e2e.site import Site
from tests.e2e.takeover.by_hand import agent_values
from tests.e2e.takeover.installation import core

_OURS = {"clearml-tenants/stack": "local"}
_AGENT = agent_values({"access_key": "HANDMADE", "secret_key": "hand-made"})
_HAND = "made by hand or by another program"
_KINDS = ("deployments", "secrets", "configmaps", "services", "serviceaccounts", "resourcequotas", "limitranges",
          "networkpolicies")  # fmt: skip
Make = Callable[[Site, str], None]


def _installed(site: Site, name: str, chart: str = "local/charts/clearml-enterprise-agent", driver: str = "") -> None:
    values = site.home / "values.json"
    values.write_text(json.dumps(_AGENT))
    done = site.shell(
        f"{driver} helm install {name}-agent {chart} --namespace {name} --values {values} --description hand-made"
    )
    assert done.code == 0, done.output


def _with_status(status: str) -> Make:
    """A release as helm leaves it in that status."""

    def make(site: Site, name: str) -> None:
        _installed(site, name)
        kept = f"sh.helm.release.v1.{name}-agent.v1"
        secret = core(site).read_namespaced_secret(kept, name)
        record = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(secret.data["release"]))))
        record["info"]["status"] = status
        packed = base64.b64encode(gzip.compress(json.dumps(record).encode()))
        body = {
            "metadata": {"labels": {"status": status}},
            "data": {"release": base64.b64encode(packed).decode()},
        }
        core(site).patch_namespaced_secret(kept, name, body)

    return make


def _other_chart(site: Site, name: str) -> None:
    chart = site.home / "nginx"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: nginx\nversion: 15.0.0\n")
    (chart / "templates/page.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: page}\n")
    _installed(site, name, str(chart))


def _of_flux(site: Site, name: str) -> None:
    chart = site.home / "flux"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: clearml-enterprise-agent\nversion: 6.14.1\n")
    labels = "labels: {app: x}\n  annotations:\n    helm.toolkit.fluxcd.io/name: agents\n"
    page = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: page\n  {labels}"
    (chart / "templates/page.yaml").write_text(page)
    _installed(site, name, str(chart))


def _unrecorded(site: Site, name: str) -> None:
    _installed(site, name)
    core(site).delete_namespaced_secret(f"sh.helm.release.v1.{name}-agent.v1", name)


def _in_config_maps(site: Site, name: str) -> None:
    _installed(site, name, driver="HELM_DRIVER=configmap")


def _deployment(**labels: str) -> Make:
    """One that is applied without Helm."""

    def make(site: Site, name: str) -> None:
        pod = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "a", "image": "agent:1"}]}}
        spec = {"selector": {"matchLabels": {"app": name}}, "template": pod}
        metadata = {"name": f"{name}-agent", "namespace": name, "labels": labels}
        manifest = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
        (site.home / "deployment.json").write_text(json.dumps(manifest))
        done = site.shell(f"kubectl apply --filename {site.home}/deployment.json")
        assert done.code == 0, done.output

    return make


def _secret(site: Site, name: str) -> None:
    labels = {"reconcile.external-secrets.io/managed": "true"}
    metadata = {"name": f"{name}-agent-credentials", "labels": labels}
    core(site).create_namespaced_secret(name, {"metadata": metadata, "stringData": {"agentk8sglue_key": "THEIRS"}})


def _quota(site: Site, name: str) -> None:
    """It says the very same as ours: the engine would share it, and take it away one day."""
    hard = {"pods": "100"}
    core(site).create_namespaced_resource_quota(name, {"metadata": {"name": "quota"}, "spec": {"hard": hard}})


def _limits(site: Site, name: str) -> None:
    limits = [{"type": "Container", "max": {"cpu": "64"}}]
    core(site).create_namespaced_limit_range(name, {"metadata": {"name": "limits"}, "spec": {"limits": limits}})


def _policy(site: Site, name: str) -> None:
    spec = {"podSelector": {}, "policyTypes": ["Ingress"]}
    labels = {"kustomize.toolkit.fluxcd.io/name": "walls"}
    body: Any = {"metadata": {"name": "default-deny", "labels": labels}, "spec": spec}
    client.NetworkingV1Api(core(site).api_client).create_namespaced_network_policy(name, body)


def _labelled(**labels: str) -> Make:
    """Another label on the namespace; an empty one takes it away."""

    def make(site: Site, name: str) -> None:
        changed = {key.replace("__", "/").replace("_", "-"): value or None for key, value in labels.items()}
        core(site).patch_namespace(name, {"metadata": {"labels": changed}})

    return make


def _ending(site: Site, name: str) -> None:
    core(site).create_namespaced_config_map(name, {"metadata": {"name": "held", "finalizers": ["example.com/held"]}})
    core(site).delete_namespace(name)


_RELEASE, _WORKLOAD = "release {0}/{0}-agent (context/kwok-clearml-tenants, ", "Deployment {0}/{0}-agent ("
# By the namespace: how it came to be there, and what is told of it.
CASES: dict[str, tuple[Make, str, str]] = {
    "running": (_installed, f"{_RELEASE}clearml-enterprise-agent-6.14.1, deployed)", _HAND),
    "other-chart": (_other_chart, f"{_RELEASE}nginx-15.0.0, deployed)", _HAND),
    "of-flux": (_of_flux, _RELEASE, "Flux's HelmRelease agents puts back what others change"),
    **{
        status: (_with_status(status), f"{_RELEASE}clearml-enterprise-agent-6.14.1, {status})", _HAND)
        for status in ("pending-install", "pending-upgrade", "pending-rollback", "uninstalling", "superseded", "failed")
    },
    "unrecorded": (_unrecorded, _WORKLOAD, "without a release, made by Helm for release unrecorded/unrecorded-agent"),
    "config-maps": (_in_config_maps, "release {0}/{0}-agent (", "is there, in ConfigMaps"),
    "applied": (_deployment(), _WORKLOAD, "made by kubectl-client-side-apply, by hand or by another program"),
    "of-argo": (_deployment(**{"argocd.argoproj.io/instance": "ml"}), _WORKLOAD, "made by Argo CD's application ml"),
    "secret": (_secret, "Secret {0}/{0}-agent-credentials (", "made by the External Secrets operator"),
    "quota": (_quota, "ResourceQuota {0}/quota (", "by hand or by another program"),
    "limits": (_limits, "LimitRange {0}/limits (", "by hand or by another program"),
    "policy": (_policy, "NetworkPolicy {0}/default-deny (", "made by Flux's Kustomization walls"),
    "of-a-stack": (_labelled(clearml_tenants__stack="dev"), "namespace {0} (", "made by stack dev"),
    "of-nobody": (_labelled(clearml_tenants__stack=""), "namespace {0} (", _HAND),
    "ending": (_ending, "namespace {0} (", "is being deleted, with all that is in it: wait until it is gone"),
}
_FILE = {
    "protect": False,
    "agent": {"queues": {"default": {}}},
    "isolation": {"quota": {"pods": 100}, "limits": {"max": {"cpu": "64"}}},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A tenant for each case, in a namespace where somebody was first; nothing is deployed."""
    made = Site.copy(tmp_path_factory.mktemp("others") / "project")
    made.plant_secrets()
    assert made.run("preview").code == 0
    (made.root / "config/tenants/local/acme.yaml").unlink()
    for name, (make, _, _) in CASES.items():
        said = {"company": name.title(), "admin": {"name": "A", "email": f"admin@{name}.example"}, **_FILE}
        (made.root / f"config/tenants/local/{name}.yaml").write_text(yaml.safe_dump(said))
        core(made).create_namespace({"metadata": {"name": name, "labels": _OURS}})
        make(made, name)
    yield made
    made.run("down")


def _there(site: Site) -> dict[str, Any]:
    """What anybody has in those namespaces, as it would be seen to have been touched; what the cluster has apart."""
    listed = json.loads(site.shell(f"kubectl get {','.join(_KINDS)} --all-namespaces --output json").output)["items"]
    return {
        f"{each['kind']} {each['metadata']['namespace']}/{each['metadata']['name']}": (
            each["metadata"]["uid"],
            each.get("data"),
            each.get("spec"),
            each["metadata"].get("labels"),
        )
        for each in listed
        # The cluster empties the one that it deletes.
        if each["metadata"]["namespace"] in CASES.keys() - {"ending"} and each["metadata"]["name"] != "kube-root-ca.crt"
    }


def _line_of(name: str, lines: list[str]) -> str:
    (found,) = (each for each in lines if CASES[name][1].format(name) in each)
    return found


def test_each_is_told_in_a_line_and_nothing_of_it_is_touched(site: Site) -> None:
    before = _there(site)
    assert len(CASES) >= 20
    for command in ("heal", "up"):
        done = site.run(command)
        assert done.code == 1, done.output
        lines = done.errors[: len(CASES)]
        assert len(done.errors) == len(CASES), done.output
        for name, (_, _, said) in CASES.items():
            line = _line_of(name, lines)
            assert said in line, line
            assert "; or, " in line, line
        assert _there(site) == before


def test_each_told_command_leads_to_a_deploy_with_nothing_more_to_do(site: Site) -> None:
    """What nobody needs goes by the command that is told, typed as it stands; what stays keeps its name."""
    lines = [each for each in site.run("heal").output.splitlines() if each.startswith("error: ")]
    typed = 0
    for name in CASES:
        line = _line_of(name, lines)
        command = re.search(r"(?:nobody needs it|take its place): ((?:helm|kubectl) [^;]+)", line)
        if command:
            done = site.shell(f"{command[1]} 2>&1")
            assert done.code == 0, done.output
            typed += 1
        else:
            (site.root / f"config/tenants/local/{name}.yaml").unlink()
    assert typed == 16
    site.up()
    nothing = site.shell("pulumi preview --stack local --non-interactive --expect-no-changes 2>&1")
    assert nothing.code == 0, nothing.output
