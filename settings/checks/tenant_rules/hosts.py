"""At which hosts a tenant's gateways may answer: below the platform's domain or elsewhere, not in its place.

Where `hostSuffixes` are given, nowhere but below these, the platform's domain, and the tenant's own sign-in domains.
"""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.letters.confusable import disguise_of
from settings.types.naming import worker_key
from settings.types.urls import host_of

# Directly below the base domain, where people sign in and ask for help without a second look.
_OF_PLATFORMS = frozenset(
    {
        *("login", "signin", "sign-in", "signup", "sso", "auth", "oauth", "oidc", "saml", "idp", "id", "identity"),
        *("account", "accounts", "admin", "console", "portal", "dashboard", "www", "web", "app", "api", "files"),
        *("support", "help", "status", "billing", "security", "mail", "docs", "register", "password", "keycloak"),
    }
)


@check("a gateway answers only at a tenant's own host", precedence="last")
@for_each_tenant
def check_hosts(tenant: Tenant, settings: StackSettings, grants: Grants) -> Iterator[Finding]:
    """A gateway that would answer for the platform, or for somebody outside."""
    for key, host in _hosts(tenant):
        if text := _at_the_servers(host, tenant, settings):
            yield Finding(setting(tenant.name, key), text)
        elif refused := _ungranted(host, tenant, settings, grants):
            text, way = refused
            yield Finding(setting(tenant.name, key), f"{text} {way}", grant=way)


def _at_the_servers(host: str, tenant: Tenant, settings: StackSettings) -> str:
    base = settings.base_domain
    api = host_of(settings.url_of(settings.api_host))
    platforms = (api, settings.app_host, settings.files_host)
    # A server's host that is the baseDomain itself has every gateway below it.
    above = [each for each in platforms if is_below(each, host)]
    below = [each for each in platforms if is_below(host, each) and each != base]
    if met := next(iter([*above, *below]), None):
        text = f"{host!r} would answer for, or below, the server's own host {met!r}; give the gateway another, like"
        return f"{text} router.{tenant.name}.{base}"
    if is_below(base, host):
        text = f"{host!r} is the stack's baseDomain {base!r}, or above it; give the gateway another, like"
        return f"{text} router.{tenant.name}.{base}"
    if shown := disguise_of(host):
        text = f"{host!r} is shown as {shown!r}, whose letters look like others; give the gateway another, like"
        return f"{text} router.{tenant.name}.{base}"
    return ""


def _ungranted(host: str, tenant: Tenant, settings: StackSettings, grants: Grants) -> tuple[str, Grant] | None:
    base = settings.base_domain
    label = host.removesuffix(f".{base}")
    if label in _OF_PLATFORMS and host not in grants.host_suffixes:
        text = f"{host!r} is what people take for the platform's own; give the gateway another, like"
        line = f"{text} router.{tenant.name}.{base}, or write in the stack's file"
        return line, Grant("hostSuffixes", (host,), tenant.name)
    if not any(is_below(host, each) for each in (base, *grants.host_suffixes, *_own(tenant, base))) and (
        grants.host_suffixes or is_below(host, _beside(base))
    ):
        text = f"{host!r} is not below the stack's baseDomain, nor one of this tenant's signIn.domains; write"
        line = f"{text} router.{tenant.name}.{base}, or in the stack's file"
        return line, Grant("hostSuffixes", (host.partition(".")[2],), tenant.name)
    return None


@check("no gateway's host is below another tenant's", precedence="last")
def check_nested_hosts(facts: Facts) -> Iterator[Finding]:
    """A host below another tenant's gets the cookies of that one. Equal hosts are told elsewhere."""
    if (settings := facts.settings) is None:
        return
    held = [(host, tenant.name, key) for tenant in facts.tenants for key, host in _hosts(tenant)]
    # Of a gateway that is in the platform's own place, that is told.
    holders = {host: (name, key) for host, name, key in held if not is_below(settings.base_domain, host)}
    for host, (name, key) in holders.items():
        above = host.partition(".")[2]
        while above:
            owner, _ = holders.get(above, (name, ""))
            if owner != name:
                text = f"{host!r} is below {above!r}, the gateway of tenant {owner}; give one of them another"
                yield Finding(setting(name, key), text)
            above = above.partition(".")[2]


@check("no gateway's host is below another tenant's sign-in domain", precedence="last")
def check_foreign_domains(facts: Facts) -> Iterator[Finding]:
    """A host below a domain that is another tenant's, and not the platform's own."""
    if (settings := facts.settings) is None:
        return
    owners = {domain: tenant.name for tenant in facts.tenants for domain in tenant.sign_in.domains}
    for tenant in facts.tenants:
        granted = (settings.base_domain, *settings.tenant_rules.of(tenant.name).host_suffixes, *tenant.sign_in.domains)
        for key, host in _hosts(tenant):
            if any(is_below(host, each) for each in granted):
                continue
            owner = next((name for domain, name in owners.items() if is_below(host, domain)), tenant.name)
            if owner != tenant.name:
                text = f"{host!r} is below a domain of tenant {owner}'s people; give the gateway another, like"
                way = Grant("hostSuffixes", (host.partition(".")[2],), tenant.name)
                line = f"router.{tenant.name}.{settings.base_domain}, or write in the stack's file {way}"
                yield Finding(setting(tenant.name, key), f"{text} {line}", grant=way)


def _hosts(tenant: Tenant) -> Iterator[tuple[str, str]]:
    """Key and host of each gateway that an ingress leads to."""
    for use, gateway in tenant.all_gateways.items():
        if gateway.domain:
            yield f"{worker_key(use)}.hostName", gateway.domain


def is_below(host: str, domain: str) -> bool:
    """Whether `host` is `domain`, or below it."""
    return host == domain or host.endswith(f".{domain}")


def _beside(base: str) -> str:
    """Where other services of the platform's may be: `example.com` for `clearml.example.com`."""
    parent = base.partition(".")[2]
    return parent if "." in parent else base


def _own(tenant: Tenant, base: str) -> Iterator[str]:
    """The tenant's own domains; none that holds the platform's."""
    yield from (domain for domain in tenant.sign_in.domains if not is_below(base, domain))
