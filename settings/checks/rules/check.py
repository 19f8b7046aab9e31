"""Every rule for tenants' files, and what is wrong with the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from settings.checks.rules.annotations import check_annotations
from settings.checks.rules.chart_keys import check_chart_keys
from settings.checks.rules.companies import check_adoptions, check_companies
from settings.checks.rules.contexts import check_contexts
from settings.checks.rules.hosts import check_hosts, check_nested_hosts
from settings.checks.rules.names import check_names
from settings.checks.rules.network import check_network_grants
from settings.checks.rules.pods import check_pods
from settings.checks.rules.quota import check_ceilings, check_quota
from settings.complaint import Complaint
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant

_EACH = (
    check_names,
    check_companies,
    check_contexts,
    check_network_grants,
    check_quota,
    check_hosts,
    check_annotations,
    check_chart_keys,
    check_pods,
)


def check_rules(
    settings: StackSettings, tenants: Sequence[Tenant], known: Sequence[Complaint], *, whole: bool
) -> Iterator[Complaint]:
    """What a tenant's file decides without the stack's leave; not `whole` if `tenants` lacks some.

    `known` is what other checks found: a key is told once, and not for what is above or below it too.
    """
    said = {(each.tenant, each.key) for each in known if each.stops}
    for complaint in _all(settings, tenants, whole=whole):
        if not any(tenant == complaint.tenant and _nested(key, complaint.key) for tenant, key in said):
            said.add((complaint.tenant, complaint.key))
            yield complaint


def _nested(one: str, other: str) -> bool:
    """Whether one of the two keys is the other, or below it."""
    short, long = sorted((one, other), key=len)
    return short == long or (bool(short) and long.startswith((f"{short}.", f"{short}[")))


def _all(settings: StackSettings, tenants: Sequence[Tenant], *, whole: bool) -> Iterator[Complaint]:
    yield from check_ceilings(settings)
    yield from check_adoptions(settings)
    if whole:
        yield from _strangers(settings, tenants)
    for tenant in tenants:
        grants = settings.tenant_rules.of(tenant.name)
        for check in _EACH:
            yield from check(tenant, settings, grants)
    yield from check_nested_hosts(settings, tenants)


def _strangers(settings: StackSettings, tenants: Sequence[Tenant]) -> Iterator[Complaint]:
    """Only warned of: a tenant's file may go before its line here, or come after it."""
    known = sorted(tenant.name for tenant in tenants)
    for name in settings.tenant_rules.tenants:
        if name not in known:
            text = f"is no tenant; known: {', '.join(known) or 'none'}; remove it, or whoever is called so later has it"
            yield Complaint("", f"tenantRules.tenants.{name}", text, stops=False)
