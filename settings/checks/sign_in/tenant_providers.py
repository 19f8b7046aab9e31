"""What a tenant's own identity provider may be: somebody outside, under a link that is nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.letters.confusable import skeleton
from settings.types.secrets.url_login import quoted
from settings.types.urls import Target

# Names that only a cluster, a machine or a cloud's own network answers.
_INSIDE = re.compile(r"[^.]+|(?:.+\.)?(?:localhost|local|internal|svc|svc\.[^.]+(?:\.[^.]+)*)")
# What a resolver may take for an address, however it is written: 2130706433, 0x7f.1, 127.1.
_NUMBER = re.compile(r"(?:.+\.)?(?:[0-9]+|0x[0-9a-f]*)")


@check("the server asks no address of its own network for a tenant's sign-in", precedence="last")
@for_each_tenant
def check_tenant_endpoints(tenant: Tenant, _: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Endpoints that lead the server, with its ways and past the tenant's walls, to what is inside."""
    if tenant.sso is None:
        return
    endpoints = tenant.sso.endpoints
    for name, url in (("token", endpoints.token), ("revocation", endpoints.revocation)):
        target = Target.of("https://" + urlsplit(url).netloc) if url else None
        if target and _is_inside(target.host) and target.place not in grants.server_hosts:
            way = Grant("serverHosts", (target.place,), tenant.name)
            text = "is inside of a network, where the server would ask for the tenant; write the provider's public one"
            line = f"{quoted(target.place)} {text}, or in the stack's file {way}"
            yield Finding(setting(tenant.name, f"sso.endpoints.{name}"), line, grant=way)


def _is_inside(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return bool(_INSIDE.fullmatch(host) or _NUMBER.fullmatch(host))


@check("no tenant's login link has another tenant's name")
def check_login_links(facts: Facts) -> Iterator[Finding]:
    """People open `/login/<tenant>`, and would sign in at another tenant's provider."""
    names = {skeleton(each.name): each.name for each in facts.tenants}
    for tenant in facts.tenants:
        link = tenant.sso.external_tenant if tenant.sso else ""
        owner = names.get(skeleton(link), tenant.name) if link else tenant.name
        if owner != tenant.name:
            text = f"{link!r} is another tenant's name, whose people would sign in here; write this tenant's own, like"
            yield Finding(setting(tenant.name, "sso.externalTenant"), f"{text} {tenant.name}")
