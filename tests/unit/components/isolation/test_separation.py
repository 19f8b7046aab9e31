"""Whatever valid settings two tenants have, no pod of one reaches a pod of the other."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from components.values.policies import policies
from settings.checks.network.isolation import check_isolation
from settings.finding import Finding
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.addresses import cut_out, holder
from settings.types.naming import ISOLATION_PARTS, NETWORK_POLICY, TENANT_LABEL
from tests.unit.components.isolation.network_policy import Cluster, Peer
from tests.unit.document import settings
from tests.unit.facts import facts

PODS, SERVICES, NODES = "10.244.0.0/16", "10.96.0.0/12", "192.168.7.0/24"
KNOWN = {"pods": [PODS], "services": [SERVICES], "nodes": [NODES]}
PORTS = [53, 443, 2049, 6443, 8010, 30150]

_RANGES = st.one_of(
    st.sampled_from(["0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8", PODS, "10.244.0.0/15", "10.244.1.0/24", SERVICES, NODES]),
    st.builds(lambda a, n: f"{(a >> (32 - n) << (32 - n)) >> 24}.{(a >> (32 - n) << (32 - n)) >> 16 & 255}.0.0/{n}",
              st.integers(0, 2**32 - 1), st.integers(1, 16)),
)  # fmt: skip
_SOME_PORTS = st.lists(st.sampled_from(["443", "2049", "30100-30199", "1-65535", "53/UDP", "1-65535/UDP"]), min_size=1)
_NAMESPACES = st.sampled_from(["acme", "beta", "clearml", "registry", "kube-system", "ingress-nginx", "gamma"])
_ALLOW = st.lists(
    st.one_of(
        st.fixed_dictionaries({"cidr": _RANGES, "ports": _SOME_PORTS}),
        st.fixed_dictionaries({"namespace": _NAMESPACES, "ports": _SOME_PORTS}),
    ),
    max_size=3,
)
_ADDRESSES = st.lists(st.fixed_dictionaries({"cidr": _RANGES, "ports": _SOME_PORTS}), max_size=2)
_URLS = st.none() | st.builds(
    lambda host, port: {"api": f"http://{host}:{port}"},
    st.sampled_from(
        ["api.clearml.svc", "x.acme.svc", "x.beta.svc", "10.244.1.9", "10.96.0.9", "192.0.2.7", "a.example"]
    ),
    st.sampled_from(PORTS),
)
_NETWORK = st.fixed_dictionaries(
    {"allow": _ALLOW, "allowFrom": _ALLOW, "kubernetesApi": _ADDRESSES, "serverAddresses": _ADDRESSES},
    optional={
        "cluster": st.just(KNOWN),
        "clients": st.lists(_RANGES, min_size=1, max_size=2),
        "dns": st.fixed_dictionaries({"namespace": _NAMESPACES, "labels": st.just({"k8s-app": "kube-dns"})}),
        "ingress": st.fixed_dictionaries({"namespace": _NAMESPACES, "labels": st.just({"k8s-app": "kube-dns"})}),
    },
)
_GATEWAY = st.sampled_from([
    None,
    {"hostName": "router.example.com"},
    {"externalUrl": "http://192.168.7.21:30080"},
    {"hostName": "router.example.com",
     "streamSession": {"routerAddress": "192.168.7.21", "portRange": {"start": 30100, "end": 30199}}},
])  # fmt: skip


def _tenant(name: str, wishes: dict[str, Any], gateway: dict[str, Any] | None, elsewhere: bool) -> Tenant:
    workers = {"workers": {"kubeContext": "gpu"}} if elsewhere else {}
    asked: dict[str, Any] = {
        "company": f"{name} company",
        "admin": {"name": "A", "email": f"admin@{name}.example"},
        "agent": {"queues": {"default": {}}},
        "gateway": gateway,
        "gateways": {"lab": gateway} if gateway else {},
        "isolation": {"network": wishes},
        **workers,
    }
    return Tenant.model_validate({**asked, "name": name}, by_alias=True, by_name=True)


_TENANTS = st.tuples(st.fixed_dictionaries({"allow": _ALLOW, "allowFrom": _ALLOW}), _GATEWAY)
# Of a complaint's key: which network, what of it, which entry.
_PLACE = re.compile(r"isolation\.(network|elsewhere\.context/gpu)\.([A-Za-z]+)(?:\[(\d+)\])?.*")


@run(max_examples=40)
@given(_NETWORK, st.none() | _NETWORK, _TENANTS, _TENANTS, st.tuples(st.booleans(), _URLS))
def test_no_valid_setting_leads_from_one_tenant_to_another(
    network: dict[str, Any],
    elsewhere: dict[str, Any] | None,
    acme: tuple[dict[str, Any], dict[str, Any] | None],
    beta: tuple[dict[str, Any], dict[str, Any] | None],
    where: tuple[bool, dict[str, str] | None],
) -> None:
    """Both in the stack's cluster or both in another, whether or not somebody says where that one's pods are."""
    both_elsewhere, urls = where
    asked = {"network": network, "elsewhere": {"context/gpu": elsewhere} if elsewhere else {}}
    wishes = {"acme": acme[0], "beta": beta[0]}
    gateways = {"acme": acme[1], "beta": beta[1]}
    for _ in range(2):
        stack = settings(isolation=asked, serverUrls=urls or {})
        tenants = [_tenant(name, wishes[name], gateways[name], both_elsewhere) for name in wishes]
        faults = [each for each in check_isolation(facts(stack, tenants)) if each.is_error]
        _mend(asked, wishes, faults)
    assert not faults
    _nobody_passes(stack, tenants)
    # A takeover after a lost state knows them by their names.
    for tenant in tenants:
        assert policies(tenant, stack).specs.keys() <= ISOLATION_PARTS[NETWORK_POLICY] | tenant.all_gateways.keys()


def _mend(asked: dict[str, Any], wishes: dict[str, dict[str, Any]], faults: list[Finding]) -> None:
    """Take away what is refused: throwing whole examples away would leave few."""
    for fault in reversed(faults):
        where, name, index = _PLACE.fullmatch(fault.where.key).groups()  # type: ignore[union-attr]
        network = asked["network"] if where == "network" else asked["elsewhere"]["context/gpu"]
        held = wishes[fault.where.tenant][name] if fault.where.tenant else network[name]
        if index is None:
            del network[name]
        elif fault.where.tenant or len(held) > 1 or name != "clients":
            held.pop(int(index))
        else:
            del network[name]


def _nobody_passes(stack: StackSettings, tenants: list[Tenant]) -> None:
    manifests = [
        {"metadata": {"namespace": tenant.namespace}, "spec": spec}
        for tenant in tenants
        for spec in policies(tenant, stack).specs.values()
    ]
    cluster = Cluster({tenant.namespace: {TENANT_LABEL: tenant.name} for tenant in tenants}, manifests)
    acme, beta = (_pods(tenant, f"10.244.{number}") for number, tenant in enumerate(tenants, 1))
    for one, other in (*product(acme, beta), *product(beta, acme)):
        for port, protocol in product(PORTS, ("TCP", "UDP")):
            assert not cluster.allows(one, other, port, protocol), (one, other, port, protocol)


def _pods(tenant: Tenant, start: str) -> list[Peer]:
    """One of each release, and a task dressed as what rules let in elsewhere."""
    label = "app.kubernetes.io/instance"
    releases = ("agent", "gateway", "gateway-lab")
    ours = [Peer(use, f"{start}.{at}", tenant.name, {label: tenant.release_of(use)}) for at, use in enumerate(releases)]
    return [*ours, Peer("task", f"{start}.9", tenant.name, {"k8s-app": "kube-dns", label: "other"})]


@given(_RANGES, st.lists(_RANGES))
def test_what_is_cut_out_of_a_range_is_in_it_and_nothing_is_forgotten(cidr: str, ranges: list[str]) -> None:
    whole = holder(cidr, ranges)
    without = cut_out(cidr, ranges)
    assert all(holder(each, [cidr]) for each in without)
    for each in ranges:
        assert whole or not holder(each, [cidr]) or holder(each, without)
