"""Whatever a stack of this repository deploys for each of its tenants is taken by a real API server, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes.config
import pytest
from kubernetes.dynamic import DynamicClient

from components.namespaces.namespace import tenant_labels
from components.values.policies import policies
from components.values.quota import limit_range_spec, quota_spec
from settings.loading.load import Environment, load
from settings.models.isolation import limits, pod_security, quota
from settings.models.tenant import Tenant
from tests.local.charts.stack_values import OURS, ROOT, server_of, workers_of
from tests.local.helm import AGENT, GATEWAY, SERVER, Object, render
from tests.local.own_cluster import own_cluster

pytestmark = pytest.mark.e2e


class Reader:
    """Reads manifests as strictly as the API server can, and keeps none."""

    def __init__(self, kubeconfig: Path) -> None:
        loading: Any = kubernetes.config
        connected = loading.new_client_from_config(str(kubeconfig), persist_config=False)
        self._client: Any = DynamicClient(connected)  # type: ignore[no-untyped-call]

    def read(self, manifest: Object) -> Object:
        """As the API server would keep it. Raises what it refuses it with."""
        kind = self._client.resources.get(api_version=manifest["apiVersion"], kind=manifest["kind"])
        where = {"namespace": "default"} if kind.namespaced else {}
        metadata = {**manifest["metadata"], **where}
        strictly = [("fieldValidation", "Strict")]
        answer = kind.create(body={**manifest, "metadata": metadata}, dry_run="All", query_params=strictly, **where)
        taken: Object = answer.to_dict()
        return taken


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with own_cluster(tmp_path_factory.mktemp("cluster")) as checkout:
        yield Reader(checkout.kubeconfig)


def _own(tenant: Tenant, environment: Environment) -> Iterator[Object]:
    """What closes and bounds the tenant's namespace, and the namespace."""
    stack = environment.stack
    labels = tenant_labels(environment.name, tenant.name, pod_security(stack.isolation, tenant.isolation))
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": tenant.namespace, "labels": labels}}
    for name, spec in policies(tenant, stack).specs.items():
        api = "networking.k8s.io/v1"
        yield {"apiVersion": api, "kind": "NetworkPolicy", "metadata": {"name": name}, "spec": spec}
    for kind, bound in (
        ("ResourceQuota", quota_spec(quota(stack.isolation, tenant.isolation))),
        ("LimitRange", limit_range_spec(limits(stack.isolation, tenant.isolation))),
    ):
        if bound:
            yield {"apiVersion": "v1", "kind": kind, "metadata": {"name": kind.lower()}, "spec": bound}


@pytest.mark.parametrize("stack", OURS)
def test_every_manifest_of_every_tenant_is_taken(stack: str, reader: Reader) -> None:
    environment = load(ROOT, stack)
    rendered = {SERVER: render(SERVER, server_of(environment), environment.stack.server.release)}
    for tenant, use, chart, values in workers_of(environment):
        rendered[tenant.release_of(use)] = render(chart, values, tenant.release_of(use), tenant.namespace)
    rendered |= {tenant.name: list(_own(tenant, environment)) for tenant in environment.tenants}
    charts = {chart for _, _, chart, _ in workers_of(environment)}
    assert AGENT in charts
    assert GATEWAY in charts or not any(each.all_gateways for each in environment.tenants)
    for release, manifests in rendered.items():
        assert manifests, release
        for manifest in manifests:
            assert reader.read(manifest)["kind"] == manifest["kind"]


def test_a_field_that_no_schema_knows_is_refused(reader: Reader) -> None:
    """This test can fail: neither the client nor the API server lets it pass."""
    wrong = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "dataa": {}}
    with pytest.raises(Exception, match='unknown field \\\\"dataa\\\\"'):
        reader.read(wrong)
