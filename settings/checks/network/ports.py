"""Checks that no port of a stream session leads to two gateways, in time that hardly grows with their number."""

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
