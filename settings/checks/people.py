"""Checks of addresses that are somebody's already: whom the server knows it lets in, whatever a sign-in rule says.

A user's e-mail is unique in the whole server, and rules are for those who are no users yet (contract 2.4, 2.5). An
entry for an address of another tenant's domain is no contradiction: it goes before the domain.
"""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.tenant import Tenant


@check("an address in sign-in rules is no other tenant's admin, and not the supervisor")
def check_people(facts: Facts) -> Iterator[Finding]:
    """Rules for tenants' admins and for the supervisor."""
    settings, tenants = facts.settings, facts.tenants
    admins = {tenant.admin.email.casefold(): tenant.name for tenant in tenants}
    supervisor = settings.server.supervisor if settings else None
    above = supervisor.email.casefold() if supervisor and supervisor.enabled and supervisor.email else None
    for tenant in tenants:
        if tenant.admin.email.casefold() == above:
            text = f"{tenant.admin.email!r} is the supervisor's email; give the tenant's admin one of its own"
            yield Finding(setting(tenant.name, "admin.email"), text)
        for key, email in _entries(tenant):
            if email.casefold() == above:
                text = f"{email!r} is the supervisor's email and a user of no tenant; leave it out here"
                yield Finding(setting(tenant.name, key), text)
            elif owner := admins.get(email.casefold()):
                yield _of_admin(tenant, key, email, owner)


def _of_admin(tenant: Tenant, key: str, email: str, owner: str) -> Finding:
    """A user is of one company in the whole server: whoever came first would keep the other out."""
    if owner == tenant.name:
        return Finding(
            setting(tenant.name, key), f"{email!r} is admin.email, a user here already; leave it out", WARNING
        )
    text = f"{email!r} is the admin of tenant {owner} and a user there; leave it out here"
    return Finding(setting(tenant.name, key), text)


def _entries(tenant: Tenant) -> Iterator[tuple[str, str]]:
    for name, _, emails in tenant.sign_in.by_role():
        yield from ((f"signIn.{name}[{index}]", email) for index, email in enumerate(emails))
