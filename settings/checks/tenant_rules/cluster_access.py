"""Which agents may see their whole cluster: those of a tenant that is alone there, if the stack's file says so."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.cluster_ref import ClusterRef
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import worker_key


@check("an agent sees the whole cluster only where its tenant is alone", precedence="last")
def check_cluster_access(facts: Facts) -> Iterator[Finding]:
    """Every agent that would see more than its tenant's."""
    if (settings := facts.settings) is None:
        return
    for tenant in facts.tenants:
        for use, agent in tenant.all_agents.items():
            reason = _refusal(tenant, settings, facts) if agent.cluster_access else None
            where = setting(tenant.name, f"{worker_key(use)}.clusterAccess")
            if reason:
                yield Finding(where, f"gives rights in the whole cluster, {reason}")
            elif agent.cluster_access and not settings.tenant_rules.of(tenant.name).cluster_access:
                way = Grant("clusterAccess", True, tenant.name)
                text = (
                    "gives rights in the whole cluster, which the stack's file has to grant; remove it, or write there"
                )
                yield Finding(where, f"{text} {way}", grant=way)


def _refusal(tenant: Tenant, settings: StackSettings, facts: Facts) -> str | None:
    place = settings.cluster_of(tenant.workers)
    if _is_same(place, settings.own_cluster):
        return "where the server is; remove it, or run this tenant's workers in a cluster of its own"
    others = [
        each.name
        for each in facts.tenants
        if each.name != tenant.name and _is_same(place, settings.cluster_of(each.workers))
    ]
    if others:
        return f"where tenant {others[0]} is too; remove it, or give this tenant a cluster of its own"
    return None


def _is_same(one: ClusterRef, other: ClusterRef) -> bool:
    """By its name or by the way to it: a tenant's file chooses the name."""
    return str(one) == str(other) or one.way == other.way
