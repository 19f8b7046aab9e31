"""Checks of what sets tenants apart: no setting may lead into another tenant's namespace, not even by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from settings.check_registry import check
from settings.checks.network.networks import CLUSTER_EXAMPLE, check_network, source_faults
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.listing import listing
from settings.models.isolation import Isolation, Limits, Quota, StackIsolation, limits, pod_security
from settings.models.network import LINK, METADATA, Destination, Network, closed_to_tenants
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.addresses import holder, version_of
from settings.types.naming import worker_key
from settings.types.quantity import amount

_COUNTED = frozenset(
    f"{prefix}{name}" for prefix in ("", "requests.") for name in ("cpu", "memory", "storage", "ephemeral-storage")
) | {"pods", "persistentvolumeclaims"}

_Found = Iterator[tuple[str, str]]


@check("no setting leads into another tenant's namespace")
def check_isolation(facts: Facts) -> Iterator[Finding]:
    """What is wrong with the stack's facts and with each tenant's wishes."""
    if (settings := facts.settings) is None:
        return
    tenants, whole = facts.tenants, facts.is_whole
    taken = {tenant.namespace: f"tenant {tenant.name}'s namespace" for tenant in tenants}
    taken[settings.server.namespace] = "the server's own namespace"
    for key, text in _of_stack(settings.isolation, taken, tenants if whole else None):
        yield Finding(setting("", f"isolation.{key}"), text)
    if whole:
        for key, text in _nowhere(settings, tenants):
            yield Finding(setting("", f"isolation.elsewhere.{key}"), text, WARNING)
    for tenant in tenants:
        for key, text in _of_tenant(tenant, settings, taken):
            yield Finding(setting(tenant.name, key), text)
        for key, text in _unknown(tenant, settings):
            yield Finding(setting(tenant.name, key), text, WARNING)


def _of_stack(asked: StackIsolation, taken: Mapping[str, str], tenants: Sequence[Tenant] | None) -> _Found:
    names = {tenant.name for tenant in tenants or ()}
    for index, name in enumerate(asked.privileged_tenants):
        if tenants is not None and name not in names:
            yield f"privilegedTenants[{index}]", f"{name!r} is no tenant; known: {listing(sorted(names)) or 'none'}"
    for where, network in (("network", asked.network), *((f"elsewhere.{k}", n) for k, n in asked.elsewhere.items())):
        yield from check_network(where, network, taken)
        at = f"isolation.{where}"
        yield from _allowed(f"{where}.allow", network.allow, at, _networks(asked, at, network), taken)
        yield from source_faults(f"{where}.allowFrom", network.allow_from, network, taken)
    yield from _quota("quota", asked.quota)
    yield from _limits("limits", limits(asked, Isolation()))


def _nowhere(settings: StackSettings, tenants: Sequence[Tenant]) -> _Found:
    """Facts under a name that no cluster of workers has hold nowhere: the one that is meant goes without them.

    Only warned of: the last tenant there may go, or move, before the facts do.
    """
    named = {str(settings.cluster_of(tenant.workers)) for tenant in tenants} | {str(settings.cluster_of(None))}
    known = named - {str(settings.own_cluster)}
    for name in settings.isolation.elsewhere:
        if name not in known:
            text = f"is no other cluster where workers run; known: {listing(sorted(known)) or 'none'}"
            yield name, f"{text}; remove it, or name the cluster as a tenant's workers do"


def _unknown(tenant: Tenant, settings: StackSettings) -> _Found:
    """What nobody says of the cluster where the tenant's workers are: only warned of, since it opens nothing inside."""
    place, network = settings.cluster_of(tenant.workers), settings.network_of(tenant.workers)
    at = settings.network_key(place)
    if place != settings.own_cluster and not network.server_addresses:
        text = (
            "is another cluster than the server's, and pods there reach every public address on 443; set the stack's "
        )
        yield "workers", f"{text}{at} like {{serverAddresses: [{{cidr: 203.0.113.10/32, ports: [443]}}]}}"
    for use, gateway in tenant.all_gateways.items():
        if network.cluster is None and (gateway.service != "ClusterIP" or gateway.stream_session):
            text = "opens ports to clients outside, and lets none in from private addresses, as they may be pods'; set"
            yield worker_key(use), f"{text} the stack's {at} like {{{CLUSTER_EXAMPLE}}}"


def _of_tenant(tenant: Tenant, settings: StackSettings, taken: Mapping[str, str]) -> _Found:
    stack, asked = settings.isolation, tenant.isolation
    if pod_security(stack, asked) == "privileged" and tenant.name not in stack.privileged_tenants:
        text = "privileged pods can use the node's network, which no policy holds; use baseline, or list the tenant in "
        yield "isolation.podSecurity", f"{text}the stack's isolation.privilegedTenants"
    at = settings.network_key(settings.cluster_of(tenant.workers))
    network = settings.network_of(tenant.workers)
    networks = _networks(stack, at, network)
    yield from _allowed("isolation.network.allow", asked.network.allow, at, networks, taken)
    yield from source_faults("isolation.network.allowFrom", asked.network.allow_from, network, taken)
    yield from _quota("isolation.quota", asked.quota)
    if asked.limits.model_fields_set:
        yield from _limits("isolation.limits", limits(stack, asked))


def _networks(stack: StackIsolation, at: str, own: Network) -> Mapping[str, Network]:
    """Every cluster's network by where the stack's file has its facts; `own` is there even if nobody told any."""
    elsewhere = {f"isolation.elsewhere.{name}": network for name, network in stack.elsewhere.items()}
    return {at: own, "isolation.network": stack.network, **elsewhere}


def _allowed(
    where: str, allow: Sequence[Destination], at: str, networks: Mapping[str, Network], taken: Mapping[str, str]
) -> _Found:
    for index, entry in enumerate(allow):
        key = f"{where}[{index}]"
        if (entry.cidr is None) == (entry.namespace is None):
            yield key, "needs either cidr (addresses outside the cluster) or namespace; write one of the two"
        elif entry.namespace and entry.namespace in taken:
            text = "which nothing may open; name one that is no tenant's and not the server's"
            yield f"{key}.namespace", f"{entry.namespace!r} is {taken[entry.namespace]}, {text}"
        elif entry.cidr and (text := _not_outside(entry.cidr, at, networks)):
            yield f"{key}.cidr", f"{entry.cidr!r} {text}"


def _not_outside(cidr: str, at: str, networks: Mapping[str, Network]) -> str:
    """Why the range does not lie outside every cluster; a wider one is cut when the policy is made."""
    network, own = networks[at], holder(cidr, closed_to_tenants(networks.values()))
    if link := holder(cidr, (*LINK, *METADATA)):
        return f"lies in {link}, where a node keeps its own services and credentials; name another"
    unknown = [key for key, each in networks.items() if each.cluster is None]
    if unknown and (own or (unknown[0] == at and version_of(cidr) == 6)):
        example = f"set the stack's {unknown[0]} like {{{CLUSTER_EXAMPLE}}}"
        return f"may be the cluster's own, as long as nobody says which are; {example}"
    if own:
        return f"lies in {own}, a cluster's own, where other tenants are; name addresses outside, or a namespace"
    if network.cluster and version_of(cidr) not in {version_of(each) for each in network.pods}:
        return f"is of an IP version that the stack's {at}.cluster.pods has none of; use the other"
    return ""


def _quota(where: str, asked: Quota) -> _Found:
    for name in asked.other:
        if name in _COUNTED or name == f"requests.{asked.gpu_resource}":
            yield f"{where}.other.{name}", "has a key of its own beside other; write it there"
        elif name.removeprefix("limits.") == asked.gpu_resource:
            yield f"{where}.other.{name}", f"is never counted; write gpus: {asked.other[name]} beside other"
        elif _is_extended(name.removeprefix("limits.")):
            right = f"requests.{name.removeprefix('limits.')}"
            yield f"{where}.other.{name}", f"is never counted: Kubernetes counts such a resource as {right}; write that"


def _is_extended(name: str) -> bool:
    """Whether it is a resource of somebody's own, like amd.com/gpu; objects and storage classes are counted so."""
    domain, slash, _ = name.partition("/")
    counted = domain == "count" or domain.startswith("requests.") or domain.endswith("storageclass.storage.k8s.io")
    return bool(slash) and not counted


def _limits(where: str, held: Limits) -> _Found:
    """request <= default <= max, of what is known; the API server would refuse it only when it is made."""
    for what in ("cpu", "memory"):
        parts = (("defaultRequest", held.default_request), ("default", held.default), ("max", held.max))
        known = [(key, getattr(amounts, what)) for key, amounts in parts if getattr(amounts, what)]
        for (low, less), (high, more) in pairwise(known):
            if amount(less) > amount(more):
                text = f"{more!r} is less than {less!r}, the {low}; raise it, or lower limits.{low}.{what}"
                yield f"{where}.{high}.{what}", text
