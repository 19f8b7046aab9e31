"""What the stack's `tenantRules` grant: each rule is asked for each tenant, and names in them are tenants'."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.listing import listing
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants

_Rule = Callable[[Tenant, StackSettings, Grants], Iterator[Finding]]


def for_each_tenant(rule: _Rule) -> Callable[[Facts], Iterator[Finding]]:
    """The rule as a function of all facts: it is asked for each tenant, with what the stack's file grants that one."""

    @wraps(rule)
    def ask(facts: Facts) -> Iterator[Finding]:
        if facts.settings:
            for tenant in facts.tenants:
                yield from rule(tenant, facts.settings, facts.settings.tenant_rules.of(tenant.name))

    return ask


@check("whoever has rules of its own in the stack's file is a tenant", precedence="last")
def check_granted_tenants(facts: Facts) -> Iterator[Finding]:
    """Only warned of: a tenant's file may go before its line here, or come after it."""
    if facts.settings is None or not facts.is_whole:
        return
    known = sorted(tenant.name for tenant in facts.tenants)
    for name in facts.settings.tenant_rules.tenants:
        if name not in known:
            text = f"is no tenant; known: {listing(known) or 'none'}; remove it, or whoever is called so later has it"
            yield Finding(setting("", f"tenantRules.tenants.{name}"), text, WARNING)
