"""Checks of one tenant against the world outside: whose mail a domain is, where applications run, how it signs in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from settings.checks.public_domains import is_public_mail, is_public_suffix
from settings.complaint import Complaint
from settings.features.effective import effective, layers_of
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.urls import host_of


def check_tenants(settings: StackSettings | None, tenants: Sequence[Tenant]) -> Iterator[Complaint]:
    """Everything wrong with tenants one by one; `settings` is None if the stack's own file is at fault."""
    for tenant in tenants:
        yield from _public_domains(tenant)
        if settings:
            yield from _applications(settings, tenant)
            yield from _sign_in_of_its_own(settings, tenant)
            yield from _servers_host(settings, tenant)


def _public_domains(tenant: Tenant) -> Iterator[Complaint]:
    for index, domain in enumerate(tenant.sign_in.domains):
        if is_public_mail(domain):
            text = (
                f"{domain!r} is a public mail domain: anybody could sign in to this tenant; list addresses under users"
            )
            yield Complaint(tenant.name, f"signIn.domains[{index}]", text)
        elif is_public_suffix(domain):
            text = (
                f"{domain!r} is a public suffix, like co.uk: domains below it belong to many owners; "
                "write the tenant's own domain"
            )
            yield Complaint(tenant.name, f"signIn.domains[{index}]", text)


def _applications(settings: StackSettings, tenant: Tenant) -> Iterator[Complaint]:
    if settings.server.queue_mode != "per_tenant" or tenant.all_agents:
        return
    if "applications" in effective(layers_of(settings, tenant)).available:
        text = "is missing, so that no application starts here (server.queueMode is per_tenant); add one like"
        yield Complaint(tenant.name, "agent", f"{text} agent: {{queues: {{default: {{}}}}}}", stops=False)


def _sign_in_of_its_own(settings: StackSettings, tenant: Tenant) -> Iterator[Complaint]:
    """The server's own switch for it: contract 6.1."""
    if tenant.sso and not settings.server.multi_tenant_login:
        text = "nobody can use its login link while the server does not let tenants sign in so; set in the stack's file"
        yield Complaint(tenant.name, "sso", f"{text} server: {{multiTenantLogin: true}}", stops=False)


def _servers_host(settings: StackSettings, tenant: Tenant) -> Iterator[Complaint]:
    gateway = tenant.gateway
    own = (settings.api_host, settings.app_host, settings.files_host)
    if gateway and gateway.host_name in own:
        text = f"{gateway.host_name!r} is the server's own host; give the gateway another"
        yield Complaint(tenant.name, "gateway.hostName", text)
    if gateway and gateway.external_url and host_of(gateway.external_url) in own:
        text = f"{gateway.external_url!r} is the server's own host; give the gateway another, or a port of its own"
        yield Complaint(tenant.name, "gateway.externalUrl", text)
