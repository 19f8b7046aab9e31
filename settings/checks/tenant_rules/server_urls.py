"""Where a tenant's file may lead its workers, with their key: to the stack's own server, or where the stack lets it.

A variable of a worker that says the same, like `CLEARML_API_HOST`, is judged as `serverUrls` is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from settings.check_registry import check
from settings.checks.tenant_rules.hosts import is_below
from settings.checks.tenant_rules.pods.setting_files import settings_in_files
from settings.checks.tenant_rules.pods.variables import variables_of
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.grant import Grant
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.addresses import ports_of
from settings.types.hocon_reading import settings_of
from settings.types.urls import Target, host_with_port

# As the SDK, the agent and the gateway read it, with the names of earlier years.
_VARIABLE = re.compile(r"(?:CLEARML|TRAINS|ALG)_(?:AGENT_)?(API|WEB|FILES)_(?:HOST|SERVER)", re.IGNORECASE)
_PARTS = {"api": "api", "web": "app", "files": "files"}
# The same as settings below `api`; `host` is what `api_server` was called before, and is read still.
_SETTINGS = {"api_server": "api", "host": "api", "web_server": "app", "files_server": "files"}


@dataclass(frozen=True)
class _TrustedHosts:
    """What one tenant may name: the stack's own addresses, hosts of the platform, what `serverHosts` grants."""

    settings: StackSettings
    tenant: Tenant
    gateways: frozenset[str]

    def __call__(self, url: str) -> bool:
        """Whether it leads to the stack's own server, or where the stack's file lets it."""
        own = [each for each in vars(self.settings.urls_for()).values() if each]
        place = host_with_port(url)
        if not place:
            return False
        if place in self.settings.tenant_rules.of(self.tenant.name).server_hosts or url in own:
            return True
        target = Target.of(url)
        if target is None:
            return place in map(host_with_port, own)
        same = [each for each in map(Target.of, own) if each and each.host == target.host]
        if any((each.scheme, each.port) == (target.scheme, target.port) for each in same):
            return True
        return self._in_servers_namespace(target) if target.namespace else self._of_platform(target)

    def _in_servers_namespace(self, target: Target) -> bool:
        """At the ports of the server's own pods: its databases are there, too."""
        near = self.settings.cluster_of(self.tenant.workers) == self.settings.own_cluster
        ports = map(ports_of, self.settings.network_of(self.tenant.workers).server_ports)
        open_ports = any(each.first <= target.port <= each.last for each in ports)
        return near and target.namespace == self.settings.server.namespace and open_ports

    def _of_platform(self, target: Target) -> bool:
        """At no gateway, behind which a tenant's own tasks answer."""
        settings, host = self.settings, target.host
        hosts = (settings.base_domain, settings.api_host, settings.app_host, settings.files_host)
        secure = target.scheme == "https" and target.port == 443
        return secure and any(is_below(host, each) for each in hosts) and not self._at_gateway(host)

    def _at_gateway(self, host: str) -> bool:
        return any(is_below(host, each) for each in self.gateways)


@check("workers, and their keys, go to the stack's own server", precedence="last")
def check_server_hosts(facts: Facts) -> Iterator[Finding]:
    """Addresses and variables that lead a tenant's workers to a host that nobody of the stack named."""
    if (settings := facts.settings) is None:
        return
    gateways = frozenset(host for tenant in facts.tenants for host in _gateway_hosts(tenant))
    for tenant in facts.tenants:
        trusted = _TrustedHosts(settings, tenant, gateways)
        named = [(f"serverUrls.{part}", url, part) for part, url in tenant.server_urls.written()]
        for key, url, part in (*named, *_variables(tenant, settings), *_files(tenant)):
            if url is None:
                text = "leads workers to a host that nobody can see here; take it out, and write"
                yield Finding(setting(tenant.name, key), f"{text} serverUrls: {{{part}: https://…}}")
            elif not trusted(url):
                yield _untrusted(tenant.name, key, url)


def _untrusted(tenant: str, key: str, url: str) -> Finding:
    place = host_with_port(url)
    if not place:
        text = "is no address that anybody could judge; write it like https://api.example.com"
        return Finding(setting(tenant, key), text)
    way = Grant("serverHosts", (place,), tenant)
    text = f"{place!r} is not the stack's own server, and workers would take their key there; remove it, or write in"
    return Finding(setting(tenant, key), f"{text} the stack's file {way}", grant=way)


def _gateway_hosts(tenant: Tenant) -> Iterator[str]:
    """Where a gateway answers, and the domain below which it may."""
    for gateway in tenant.all_gateways.values():
        if gateway.domain:
            yield gateway.domain
        if target := Target.of(gateway.url):
            yield target.host


def _variables(tenant: Tenant, settings: StackSettings) -> Iterator[tuple[str, str | None, str]]:
    """Key, address and part of each variable with an address; None for what a Secret holds."""
    for at, variable in variables_of(tenant, settings).named:
        text = variable.get("value")
        told = text if isinstance(text, str) else None
        for url, part in _named(variable["name"], told):
            yield at if told is None else f"{at}.value", url, part


def _files(tenant: Tenant) -> Iterator[tuple[str, str | None, str]]:
    """The same of each file of settings; of one that nobody can read here another check says it."""
    for at, settings in settings_in_files(tenant):
        yield from ((at, url, part) for url, part in _addresses(settings or {}))


def _named(name: str, value: str | None) -> Iterator[tuple[str | None, str]]:
    """The addresses that a variable gives a worker, and the part of each."""
    if match := _VARIABLE.fullmatch(name):
        yield value, _PARTS[match[1].lower()]
    yield from _addresses(settings_of(name, value))


def _addresses(settings: Mapping[tuple[str, ...], object]) -> Iterator[tuple[str | None, str]]:
    for path, found in settings.items():
        *above, last = path
        if above[-1:] == ["api"] and last in _SETTINGS:
            yield None if found is None else str(found), _SETTINGS[last]
