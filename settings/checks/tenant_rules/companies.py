"""Which company a tenant's file may name: one that is there already only if the stack's file gives it to the tenant."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.server.release import DEFAULT_COMPANY, DEFAULT_COMPANY_NAME
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.letters.confusable import skeleton


@check("a tenant takes over only the company that the stack's file gives it", precedence="last")
@for_each_tenant
def check_companies(tenant: Tenant, settings: StackSettings, _: Grants) -> Iterator[Finding]:
    """A company that the tenant's file takes over, or that is the server's own."""
    granted = settings.adoptions.get(tenant.name)
    asked = tenant.company_id or (granted if tenant.adopt else None)
    if skeleton(tenant.company) == skeleton(DEFAULT_COMPANY_NAME):
        text = f"{tenant.company!r} is what the server's own company is called, which is no tenant's; choose another"
        yield Finding(setting(tenant.name, "company"), text)
    if tenant.company_id in platforms_own(settings):
        text = "is the server's own company, or the supervisor's, which no tenant may take over; leave it out"
        yield Finding(setting(tenant.name, "companyId"), f"{tenant.company_id!r} {text}")
        return
    if not (tenant.adopt or tenant.company_id):
        return
    key = "companyId" if tenant.company_id else "adopt"
    if granted is None or asked != granted:
        text = "takes over a company with all that is in it, which the stack's file has to grant; remove it, or write"
        line = f"adoptions: {{{tenant.name}: {tenant.company_id or '<its id>'}}}"
        yield Finding(setting(tenant.name, key), f"{text} there {line}")
    else:
        text = f"takes over company {tenant.company!r} (id {granted}) with all its users, whose number the run says"
        yield Finding(
            setting(tenant.name, key), f"{text}; remove this and the stack's adoptions when it is done", WARNING
        )


@check("no stack gives away the server's own company", precedence="last")
def check_adoptions(facts: Facts) -> Iterator[Finding]:
    """What no stack can give away."""
    if (settings := facts.settings) is None:
        return
    for name, company_id in settings.adoptions.items():
        if company_id in platforms_own(settings):
            text = "is the server's own company, or the supervisor's, which no tenant may take over; remove it"
            yield Finding(setting("", f"adoptions.{name}"), f"{company_id!r} {text}")


def platforms_own(settings: StackSettings) -> frozenset[str]:
    """The ids of companies whose admin would be the platform's."""
    return frozenset({DEFAULT_COMPANY, settings.server.supervisor.company})
