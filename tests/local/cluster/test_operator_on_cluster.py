"""What `make manifests` writes, and what docs/operator.md shows, is taken by a real API server with the operator's own
definitions, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import kubernetes.client
import kubernetes.config
import pytest
import yaml

from local import cluster
from local.toolchain import install_tools
from operations.kubernetes_operator.manifests import manifests
from operations.kubernetes_operator.rollout import Rollout
from tests.local.cluster.operator_crds import MODULE, NoDefinitionsError, definitions
from tests.local.cluster.test_schemas_on_cluster import Reader
from tests.local.helm import Object
from tests.local.own_cluster import ROOT, checkout_in, soon
from tests.unit.operations.test_operator_manifests import ROLLOUT

pytestmark = pytest.mark.e2e
# What a rollout may be, so that each branch of the manifests is read.
ROLLOUTS = {
    "shards": ROLLOUT,
    "one stack": replace(ROLLOUT, stacks=("prod",)),
    "Pulumi Cloud": replace(ROLLOUT, backend="", has_passphrase=False),
    "preview": replace(ROLLOUT, preview=True),
    # As long as a rollout takes them: the platform's with a shard's is the operator's bound.
    "longest names": replace(ROLLOUT, stacks=("p" * 39, f"{'p' * 39}-01"), image=f"pulumi/pulumi@sha256:{'0' * 64}"),
    "odd shards": replace(ROLLOUT, stacks=("p", "p-0", "p-p", "p-a--b")),
    "over ssh, in a folder": replace(ROLLOUT, repository="git@github.com:acme/tenants.git", folder="clearml"),
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    try:
        found = definitions(tmp_path_factory.mktemp("module"))
    except NoDefinitionsError as error:
        pytest.skip(str(error))
    checkout = checkout_in(tmp_path_factory.mktemp("cluster"))
    cluster.start(checkout, install_tools())
    try:
        loading: Any = kubernetes.config
        _define(loading.new_client_from_config(str(checkout.kubeconfig), persist_config=False), found)
        yield Reader(checkout.kubeconfig)
    finally:
        cluster.stop(checkout)


def _define(connected: Any, found: list[Object]) -> None:
    api: Any = kubernetes.client.ApiextensionsV1Api(connected)
    for each in found:
        api.create_custom_resource_definition(each)

    def are_established() -> bool | None:
        statuses = [api.read_custom_resource_definition_status(each["metadata"]["name"]).status for each in found]
        ready = [{(one.type, one.status) for one in status.conditions or []} for status in statuses]
        return all(("Established", "True") in each for each in ready) or None

    soon(are_established)


@pytest.mark.parametrize("kind", ROLLOUTS)
def test_every_manifest_is_taken(kind: str, reader: Reader) -> None:
    rollout: Rollout = ROLLOUTS[kind]
    for manifest in manifests(rollout):
        taken = reader.read(manifest)
        assert (taken["kind"], taken["metadata"]["name"]) == ("Stack", manifest["metadata"]["name"])
        # As it was written: nothing is dropped, and no default of the operator's gets in its place.
        assert manifest["spec"] == {key: taken["spec"][key] for key in manifest["spec"]}


def _spec(**change: object) -> Object:
    manifest = manifests(ROLLOUT)[1]
    return {**manifest, "spec": {**manifest["spec"], **change}}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (_spec(destroyOnFinalise=False), 'unknown field \\\\"spec.destroyOnFinalise\\\\"'),
        (_spec(prerequisites=[{"nam": "prod"}]), 'unknown field \\\\"spec.prerequisites'),
        (_spec(prerequisites=["prod"]), "spec.prerequisites"),
        (_spec(destroyOnFinalize="no"), "spec.destroyOnFinalize"),
        ({**_spec(), "metadata": {"name": "p" * 43}}, "no more than 42 characters"),
        (_spec(workspaceTemplate={"spec": {"podTemplates": {}}}), "spec.workspaceTemplate.spec.podTemplates"),
        (_spec(envRefs={"A": {"secret": {"name": "a", "key": "b"}}}), "spec.envRefs.A.type"),
    ],
)
def test_what_the_operator_does_not_know_is_refused(wrong: Object, message: str, reader: Reader) -> None:
    """The test above can fail: each of these is one slip away from what it reads."""
    with pytest.raises(Exception, match=message):
        reader.read(wrong)


def test_what_the_page_has_a_reader_apply_is_taken(reader: Reader) -> None:
    page = (ROOT / "docs" / "operator.md").read_text()
    shown = [each for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) for each in yaml.safe_load_all(block)]
    kinds = [reader.read(each)["kind"] for each in shown]
    assert kinds == ["ServiceAccount", "ClusterRoleBinding", "Secret"]
    (secret,) = (each["stringData"] for each in shown if each["kind"] == "Secret")
    context = yaml.safe_load(secret["kubeconfig"])
    assert context["current-context"] == context["contexts"][0]["name"]


def test_where_the_module_is_not_to_be_had_a_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPERATOR_CRDS", raising=False)
    monkeypatch.setenv("GOPROXY", "off")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "modules"))
    with pytest.raises(NoDefinitionsError, match=rf"^{MODULE}.*: OPERATOR_CRDS=<folder> names a folder .*$"):
        definitions(tmp_path)
