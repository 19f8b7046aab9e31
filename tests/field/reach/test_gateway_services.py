"""How people reach a gateway: by an ingress, a load balancer, a node port, or a route of somebody's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.values.gateway import gateway_values
from settings.loading.load import Environment
from settings.types.naming import worker_key
from tests.field.reach.acme import cluster_of
from tests.local.helm import GATEWAY, of_kind, render
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project, refusal
from tests.unit.components.isolation.network_policy import Peer
from tests.unit.document import settings

_KNOWN = "cluster: {pods: [10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}"
_CONTROLLER = Peer("controller", "10.244.6.1", "ingress-nginx", {"app.kubernetes.io/name": "ingress-nginx"})
_USER = Peer("user", "203.0.113.7")
_OTHER = Peer("another tenant's", "10.244.2.1", "globex")
_ROUTER = "router.acme.clearml.example.com"
_FIRST = {"hostName": "first.acme.clearml.example.com"}
# The file's gateway, its service's type, whether the ingress controller and a client outside reach it.
CASES = [
    (f"{{hostName: {_ROUTER}}}", "ClusterIP", True, False),
    (f"{{hostName: {_ROUTER}, serviceType: NodePort}}", "NodePort", True, True),
    (f"{{hostName: {_ROUTER}, serviceType: LoadBalancer}}", "LoadBalancer", True, True),
    ("{externalUrl: 'http://192.168.7.21:30080'}", "NodePort", False, True),
    (f"{{externalUrl: 'https://{_ROUTER}', serviceType: LoadBalancer}}", "LoadBalancer", False, True),
    (f"{{externalUrl: 'https://{_ROUTER}', serviceType: ClusterIP}}", "ClusterIP", True, False),
    (f"{{hostName: '*.{_ROUTER}', externalUrl: 'https://app.{_ROUTER}'}}", "ClusterIP", True, False),
]


_USES = ("gateway", "gateway-lab")


def _file(use: str, gateway: str) -> str:
    """A tenant with it as its only gateway, or as one beside another."""
    tenant, asked = yaml.safe_load(TENANT), yaml.safe_load(gateway)
    more = {"gateway": asked} if use == "gateway" else {"gateway": _FIRST, "gateways": {"lab": asked}}
    return yaml.safe_dump(tenant | more)


def _loaded(root: Path, use: str, gateway: str) -> Environment:
    stack = f"{STACK}    isolation: {{network: {{{_KNOWN}}}}}\n"
    return load_project(root, {STACK_FILE: stack, ACME: _file(use, gateway)})


def _values(environment: Environment, use: str) -> dict[str, Any]:
    return gateway_values(environment.tenants[0].all_gateways[use], settings(), "key", "secret")


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize(("gateway", "kind", "by_ingress", "outside"), CASES)
def test_the_service_is_of_that_type_and_policies_let_in_who_comes_by_it(
    tmp_path: Path, use: str, gateway: str, kind: str, *, by_ingress: bool, outside: bool
) -> None:
    environment = _loaded(tmp_path, use, gateway)
    assert _values(environment, use)["service"] == {"type": kind}
    cluster = cluster_of(environment)
    router = Peer("gateway", "10.244.1.4", "acme", {"app.kubernetes.io/instance": f"acme-{use}"})
    assert cluster.allows(_CONTROLLER, router, 8010) is by_ingress
    assert cluster.allows(_USER, router, 8010) is outside
    assert not cluster.allows(_OTHER, router, 8010)
    if use != "gateway":
        first = Peer("first", "10.244.1.5", "acme", {"app.kubernetes.io/instance": "acme-gateway"})
        assert cluster.allows(_CONTROLLER, first, 8010)
        assert not cluster.allows(_USER, first, 8010)


@pytest.mark.parametrize("use", _USES)
@pytest.mark.parametrize(("gateway", "kind"), [case[:2] for case in CASES])
def test_the_chart_takes_it(tmp_path: Path, use: str, gateway: str, kind: str) -> None:
    values = _values(_loaded(tmp_path, use, gateway), use)
    made = render(GATEWAY, values)
    (service,) = of_kind(made, "Service").values()
    assert service["spec"]["type"] == kind
    if "hostName" in gateway:
        (ingress,) = of_kind(made, "Ingress").values()
        assert ingress["spec"]["rules"][0]["host"] == values["ingress"]["hostName"]


@pytest.mark.parametrize(
    ("gateway", "said"),
    [
        ("{hostName: '*.router.acme.clearml.example.com'}", "is no host that people could open"),
        (f"{{hostName: '*.{_ROUTER}', externalUrl: 'https://app.acme.clearml.example.com'}}", "is not directly below"),
        (f"{{hostName: '*.{_ROUTER}', externalUrl: 'https://a.b.{_ROUTER}'}}", "is not directly below"),
        (f"{{hostName: {_ROUTER}, externalUrl: 'https://app.{_ROUTER}'}}", "write one of the two"),
        ("{hostName: 'router.*.example.com'}", "is not a host"),
        ("{hostName: '*.com'}", "is not a host"),
        ("{serviceType: LoadBalancer}", "write one of the two"),
        (f"{{hostName: {_ROUTER}, serviceType: ExternalName}}", "serviceType"),
    ],
)
@pytest.mark.parametrize("use", _USES)
def test_what_leads_nobody_there_is_refused(tmp_path: Path, use: str, gateway: str, said: str) -> None:
    line = refusal(tmp_path, {ACME: _file(use, gateway)})
    assert line.startswith(f"{ACME}: acme: {worker_key(use)}")
    assert said in line
    assert "\n" not in line


@pytest.mark.parametrize("address", ["10.244.2.1", "172.16.0.9", "192.168.7.20", "100.64.0.3"])
def test_where_nobody_says_which_addresses_are_the_clusters_no_private_one_is_a_client(
    tmp_path: Path, address: str
) -> None:
    """Any of them may be the pod of another tenant."""
    tenant = yaml.safe_load(TENANT) | {"gateway": {"hostName": _ROUTER, "serviceType": "LoadBalancer"}}
    environment = load_project(tmp_path, {ACME: yaml.safe_dump(tenant)})
    cluster = cluster_of(environment)
    router = Peer("gateway", "10.244.1.4", "acme", {"app.kubernetes.io/instance": "acme-gateway"})
    assert cluster.allows(_USER, router, 8010)
    assert not cluster.allows(Peer("somebody inside", address), router, 8010)
