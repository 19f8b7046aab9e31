"""Whose people a tenant's file may name: an address of another tenant's domain would take somebody away from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.tenant import Tenant


@check("people of another tenant's domain are that tenant's", precedence="last")
def check_guests(facts: Facts) -> Iterator[Finding]:
    """Every address of another tenant's domain that the stack's file does not let a tenant name."""
    if (settings := facts.settings) is None:
        return
    # A domain that two tenants have is told elsewhere.
    claims = [(domain.casefold(), tenant.name) for tenant in facts.tenants for domain in tenant.sign_in.domains]
    claimed = Counter(domain for domain, _ in claims)
    holders = {domain: name for domain, name in claims if claimed[domain] == 1}
    for tenant in facts.tenants:
        granted = settings.tenant_rules.of(tenant.name).guest_domains
        for key, email in _addresses(tenant):
            domain = email.rpartition("@")[2].casefold()
            owner = holders.get(domain, tenant.name)
            if owner != tenant.name and domain not in granted:
                text = f"{email!r} is of {domain!r}, whose people are tenant {owner}'s; leave it out, or write in the"
                way = Grant("guestDomains", (domain,), tenant.name)
                yield Finding(setting(tenant.name, key), f"{text} stack's file {way}", grant=way)


def _addresses(tenant: Tenant) -> Iterator[tuple[str, str]]:
    yield "admin.email", tenant.admin.email
    rules = tenant.sign_in
    for name, emails in (("admins", rules.admins), ("users", rules.users), ("consumers", rules.consumers)):
        yield from ((f"signIn.{name}[{index}]", email) for index, email in enumerate(emails))
