"""Checks that no port of a stream session leads to two gateways, in time that hardly grows with their number."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.models.workers.gateway import PortRange, StreamSession
from settings.types.addresses import same_address
from settings.types.naming import worker_key

# First and last port, whose they are, and where that tenant's file has them.
_Taken = tuple[int, int, str, str]


@check("no port of a stream session leads to two gateways")
def check_shared_ports(facts: Facts) -> Iterator[Finding]:
    """A port leads to one gateway only: at an address, and as a node port in the whole cluster.

    The later of two is told, whose ports then count as free for those after it.
    """
    # In each place, the ranges by their first port: none of them meets another.
    taken: dict[Hashable, list[_Taken]] = defaultdict(list)
    for tenant in facts.tenants:
        for use, gateway in tenant.all_gateways.items():
            session, key = gateway.stream_session, f"{worker_key(use)}.streamSession.portRange"
            if session is None or session.port_range.start > session.port_range.end:
                continue
            where = _where(facts.settings, tenant, session)
            ours = (session.port_range.start, session.port_range.end, tenant.name, key)
            met = next((text for place, said in where.items() if (text := _met(ours, taken[place], said))), None)
            if met:
                yield Finding(setting(tenant.name, key), met)
                continue
            for place in where:
                insort(taken[place], ours)


@check("the ports of a tenant's sessions are at most what the stack's file allows", precedence="last")
@for_each_tenant
def check_number_of_ports(tenant: Tenant, _: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Ports of all its gateways together: node ports are few, and a cluster's are everybody's."""
    asked, most = 0, grants.session_ports
    for use, gateway in tenant.all_gateways.items():
        if (session := gateway.stream_session) is None:
            continue
        asked += max(session.port_range.end - session.port_range.start + 1, 0)
        if asked > most:
            way = Grant("sessionPorts", _all_ports(tenant), tenant.name)
            text = f"brings the tenant's ports to {asked}, and the stack's file allows {most}; take fewer, or write in "
            yield Finding(
                setting(tenant.name, f"{worker_key(use)}.streamSession.portRange"),
                f"{text}the stack's file {way}",
                grant=way,
            )
            return


def _all_ports(tenant: Tenant) -> int:
    sessions = (gateway.stream_session for gateway in tenant.all_gateways.values())
    return sum(max(each.port_range.end - each.port_range.start + 1, 0) for each in sessions if each)


def shown(ports: PortRange) -> str:
    """`30100-30199`."""
    return f"{ports.start}-{ports.end}"


def _where(settings: StackSettings | None, tenant: Tenant, session: StreamSession) -> Mapping[Hashable, str]:
    """The places where its ports are nobody else's, and how each is told."""
    places: dict[Hashable, str] = {("address", same_address(session.router_address)): f"at {session.router_address}"}
    if session.service_type == "NodePort":
        cluster = settings.cluster_of(tenant.workers) if settings else None
        places["cluster", str(cluster)] = "as node ports of one cluster"
    return places


def _met(ours: _Taken, taken: list[_Taken], said: str) -> str:
    """What is wrong with the session's ports in a place; empty if they are free there."""
    first, last, tenant, _ = ours
    # Of the ranges that begin before this one ends, only the last can reach into it.
    before = bisect_right(taken, last, key=lambda each: each[0])
    if not before or taken[before - 1][1] < first:
        return ""
    start, end, other, key = taken[before - 1]
    whose = f"tenant {other}" if other != tenant else key
    return f"{first}-{last} meets {start}-{end} of {whose} {said}; choose other ports"
