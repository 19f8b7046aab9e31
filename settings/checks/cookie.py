"""Checks of the hosts that the sign-in cookie goes to: a browser sends it to the base domain's own hosts and no other.

The charts set the cookie for `cookieDomain`, which is the stack's base domain (contract 1.2, 4.1).
"""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.checks.public_domains import is_public_suffix
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.stack import StackSettings
from settings.models.workers.gateway import Gateway
from settings.types.naming import worker_key
from settings.types.urls import host_alone


@check("the sign-in cookie reaches every host of the server and of the gateways")
def check_cookie(facts: Facts) -> Iterator[Finding]:
    """Hosts that the cookie does not reach. A gateway may be meant for calls with a key, so of one it is a warning."""
    if (settings := facts.settings) is None:
        return
    tenants = facts.tenants
    if is_public_suffix(settings.base_domain):
        text = f"{settings.base_domain!r} belongs to many owners, and browsers keep no cookie for such a domain, so"
        fix = f"nobody could sign in; choose one below it, like clearml.{settings.base_domain}"
        yield Finding(setting("", "baseDomain"), f"{text} {fix}")
    yield from _one_host_twice(settings)
    for part, host in _hosts(settings).items():
        if not _reached(host, settings.base_domain):
            text = f"{host!r} is outside {settings.base_domain!r}, for which the sign-in cookie is set, so nobody could"
            yield Finding(
                setting("", f"server.{part}.host"), f"{text} sign in; choose a host below it, or change baseDomain"
            )
    for tenant in tenants:
        for use, gateway in tenant.all_gateways.items():
            yield from _gateway(tenant.name, worker_key(use), gateway, settings.base_domain)


def _gateway(tenant: str, where: str, gateway: Gateway, domain: str) -> Iterator[Finding]:
    key, host = "hostName", gateway.domain
    if gateway.external_url:
        # The browser asks no port: a cookie goes to all of a host.
        key, host = "externalUrl", host_alone(gateway.external_url)
    if host and not _reached(host, domain):
        text = f"{host!r} is outside {domain!r}, for which the sign-in cookie is set: a browser does not send it here,"
        fix = f"so people are not signed in at this gateway; choose a host below it, like router.{tenant}.{domain}"
        yield Finding(setting(tenant, f"{where}.{key}"), f"{text} {fix}", WARNING)


def _one_host_twice(settings: StackSettings) -> Iterator[Finding]:
    """An ingress leads one host to one service."""
    first: dict[str, str] = {}
    for part, host in _hosts(settings).items():
        other = first.setdefault(host, part)
        if other != part:
            text = f"{host!r} is the host of server.{other} too, and an ingress leads a host to one of them; give each"
            yield Finding(setting("", f"server.{part}.host"), f"{text} a host of its own")


def _hosts(settings: StackSettings) -> dict[str, str]:
    """Each part that is reached from outside, and where."""
    server = settings.server
    hosts = {"apiserver": settings.api_host, "webserver": settings.app_host}
    return hosts | ({"fileserver": settings.files_host} if server.fileserver.enabled else {})


def _reached(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
