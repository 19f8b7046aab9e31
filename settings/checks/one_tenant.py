"""Checks of one tenant against the world outside: whose mail a domain is, where applications run, how it signs in."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.checks.public_domains import is_public_mail, is_public_suffix
from settings.facts import Facts
from settings.features.effective import effective, layers_of
from settings.features.server_version import server_version_of
from settings.finding import WARNING, Finding, setting
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import worker_key
from settings.types.urls import host_of

_SEVERAL_GROUPS = (3, 24)
_CONSUMERS = (3, 30)


@check("a tenant's domains, applications, sign-in and hosts fit the world outside")
def check_each_tenant(facts: Facts) -> Iterator[Finding]:
    """Everything wrong with tenants one by one."""
    settings, tenants = facts.settings, facts.tenants
    for tenant in tenants:
        yield from _public_domains(tenant)
        yield from _group_claim(tenant)
        if settings:
            yield from _applications(settings, tenant)
            yield from _sign_in_of_its_own(settings, tenant)
            yield from _several_groups(settings, tenant)
            yield from _consumers(settings, tenant)
            yield from _servers_host(settings, tenant)
            yield from _servers_namespace(settings, tenant)


def _public_domains(tenant: Tenant) -> Iterator[Finding]:
    for index, domain in enumerate(tenant.sign_in.domains):
        if is_public_mail(domain):
            text = (
                f"{domain!r} is a public mail domain: anybody could sign in to this tenant; list addresses under users"
            )
            yield Finding(setting(tenant.name, f"signIn.domains[{index}]"), text)
        elif is_public_suffix(domain):
            text = (
                f"{domain!r} is a public suffix, like co.uk: domains below it belong to many owners; "
                "write the tenant's own domain"
            )
            yield Finding(setting(tenant.name, f"signIn.domains[{index}]"), text)


def _applications(settings: StackSettings, tenant: Tenant) -> Iterator[Finding]:
    if settings.server.queue_mode != "per_tenant" or tenant.all_agents:
        return
    if "applications" in effective(layers_of(settings, tenant)).available:
        text = "is missing, so that no application starts here (server.queueMode is per_tenant); add one like"
        yield Finding(setting(tenant.name, "agent"), f"{text} agent: {{queues: {{default: {{}}}}}}", WARNING)


def _sign_in_of_its_own(settings: StackSettings, tenant: Tenant) -> Iterator[Finding]:
    """The server's own switch for it: contract 6.1."""
    if tenant.sso and not settings.server.multi_tenant_login:
        text = "nobody can use its login link while the server does not let tenants sign in so; set in the stack's file"
        yield Finding(setting(tenant.name, "sso"), f"{text} server: {{multiTenantLogin: true}}", WARNING)


def _several_groups(settings: StackSettings, tenant: Tenant) -> Iterator[Finding]:
    """Which servers before 3.24 do not know: contract 6.1."""
    version = server_version_of(settings)
    if tenant.sso and version.is_surely_below(*_SEVERAL_GROUPS):
        for group, names in tenant.sso.group_mapping.items():
            if len(names) > 1:
                text = f"leads to {len(names)} groups, which servers know from 3.24 on ({version.source}); keep one"
                yield Finding(setting(tenant.name, f"sso.groupMapping.{group}"), text)


def _consumers(settings: StackSettings, tenant: Tenant) -> Iterator[Finding]:
    """A role of newer servers: contract 2.5, 7. Elsewhere a run takes the entries away again and says so."""
    version = server_version_of(settings)
    if not tenant.sign_in.consumers or version.is_surely(*_CONSUMERS):
        return
    where = setting(tenant.name, "signIn.consumers")
    if version.is_surely_below(*_CONSUMERS):
        yield Finding(
            where, f"needs a server that has this role, of about 3.30, and {version.source}; list them as users"
        )
    else:
        text = (
            "is for servers from about 3.30 on, and nobody knows yours; set server.version in the stack's file if it is"
        )
        yield Finding(where, text, WARNING)


def _servers_host(settings: StackSettings, tenant: Tenant) -> Iterator[Finding]:
    own = (settings.api_host, settings.app_host, settings.files_host)
    for use, gateway in tenant.all_gateways.items():
        if gateway.host_name in own:
            text = f"{gateway.host_name!r} is the server's own host; give the gateway another"
            yield Finding(setting(tenant.name, f"{worker_key(use)}.hostName"), text)
        if gateway.external_url and host_of(gateway.external_url) in own:
            text = f"{gateway.external_url!r} is the server's own host; give the gateway another, or a port of its own"
            yield Finding(setting(tenant.name, f"{worker_key(use)}.externalUrl"), text)


def _servers_namespace(settings: StackSettings, tenant: Tenant) -> Iterator[Finding]:
    if tenant.namespace == settings.server.namespace:
        text = "has the server's own namespace; call the file otherwise, or change server.namespace"
        yield Finding(setting(tenant.name, ""), text)


def _group_claim(tenant: Tenant) -> Iterator[Finding]:
    if tenant.sso is None or tenant.sso.claims.groups:
        return
    for key, value in (("groupMapping", tenant.sso.group_mapping), ("adminGroups", tenant.sso.admin_groups)):
        if value:
            text = "needs to know what the provider calls the groups; add a line like claims: {groups: groups}"
            yield Finding(setting(tenant.name, f"sso.{key}"), text)
