"""Checks that no port of a stream session leads to two tenants, in time that hardly grows with their number."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.workers.gateway import PortRange, StreamSession
from settings.types.addresses import same_address

# First and last port, and whose they are.
_Taken = tuple[int, int, str]


@check("no port of a stream session leads to two tenants")
def check_shared_ports(facts: Facts) -> Iterator[Finding]:
    """A port leads to one tenant only: at an address, and as a node port in the whole cluster.

    The later of two tenants is told, whose ports then count as free for those after it.
    """
    # In each place, the ranges by their first port: none of them meets another.
    taken: dict[Hashable, list[_Taken]] = defaultdict(list)
    for tenant in facts.tenants:
        session = tenant.gateway.stream_session if tenant.gateway else None
        if session is None or session.port_range.start > session.port_range.end:
            continue
        where = _where(facts.settings, tenant, session)
        met = next((text for place, said in where.items() if (text := _met(session, taken[place], said))), None)
        if met:
            yield Finding(setting(tenant.name, "gateway.streamSession.portRange"), met)
            continue
        for place in where:
            insort(taken[place], (session.port_range.start, session.port_range.end, tenant.name))


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


def _met(session: StreamSession, taken: list[_Taken], said: str) -> str:
    """What is wrong with the session's ports in a place; empty if they are free there."""
    ports = session.port_range
    # Of the ranges that begin before this one ends, only the last can reach into it.
    before = bisect_right(taken, ports.end, key=lambda each: each[0])
    if not before or taken[before - 1][1] < ports.start:
        return ""
    start, end, other = taken[before - 1]
    return f"{shown(ports)} meets {start}-{end} of tenant {other} {said}; choose other ports"
