"""What a tenant's pods may reach, and who reaches them: public addresses, and what the stack's file lets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.network import PRIVATE
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.addresses import cut_out, holder

# Of no public use, so that some clusters and networks have their own machines there.
_INSIDE = ("198.18.0.0/15", "240.0.0.0/4")
_WEB = frozenset({"80", "443", "80/TCP", "443/TCP"})


@check("pods reach only what is public or granted", precedence="last")
@for_each_tenant
def check_network_grants(tenant: Tenant, _: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Namespaces and private addresses that the stack's file does not list for the tenant."""
    for index, entry in enumerate(tenant.isolation.network.allow):
        key = f"isolation.network.allow[{index}]"
        if entry.namespace and entry.namespace not in grants.namespaces:
            text = f"{entry.namespace!r} is no namespace that the stack's file lets tenants reach"
            yield _refusal(tenant, f"{key}.namespace", text, "namespaces", entry.namespace)
        if entry.cidr and _meets_private(entry.cidr, entry.ports) and not holder(entry.cidr, grants.addresses):
            text = f"{entry.cidr!r} holds private addresses, where databases and other tenants' storage may be"
            yield _refusal(tenant, f"{key}.cidr", text, "addresses", entry.cidr)


@check("only who is granted reaches pods", precedence="last")
@for_each_tenant
def check_source_grants(tenant: Tenant, _: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Namespaces and addresses, public ones too, that the stack's file does not let in."""
    for index, entry in enumerate(tenant.isolation.network.allow_from):
        key = f"isolation.network.allowFrom[{index}]"
        if entry.namespace and entry.namespace not in grants.from_namespaces:
            text = f"{entry.namespace!r} is no namespace that the stack's file lets tenants let in"
            yield _refusal(tenant, f"{key}.namespace", text, "fromNamespaces", entry.namespace)
        if entry.cidr and not holder(entry.cidr, grants.from_addresses):
            text = f"{entry.cidr!r} holds addresses that the stack's file lets no tenant let in"
            yield _refusal(tenant, f"{key}.cidr", text, "fromAddresses", entry.cidr)


def _meets_private(cidr: str, ports: Sequence[str]) -> bool:
    """A wide range, like the whole internet, is for the web alone: databases do not answer there."""
    private = (*PRIVATE, *_INSIDE)
    return bool(holder(cidr, private) or (cut_out(cidr, PRIVATE) and not _WEB.issuperset(ports)))


def _refusal(tenant: Tenant, key: str, text: str, rule: str, value: str) -> Finding:
    way = Grant(rule, (value,), tenant.name)
    line = f"{text}; remove it, or write in the stack's file {way}"
    return Finding(setting(tenant.name, key), line, grant=way)
