"""Where the API is, and that its system key goes nowhere else, and never in the clear. Pure.

Its host is below the stack's `baseDomain`, or declared in `apiHosts`; the server's own hosts: `settings.checks.cookie`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from settings.check_registry import check
from settings.checks.tenant_rules.hosts import is_below
from settings.errors import ConfigurationError
from settings.facts import Facts
from settings.finding import WARNING, Finding, Where, setting
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.addresses import same_address
from settings.types.registries import is_on_this_machine
from settings.types.secrets.url_login import quoted
from settings.types.urls import Target, host_of

OVERRIDE = "CLEARML_API_URL"
"""The variable that wins over a stack's `apiUrl`: for a laptop's API, a port-forward, a rehearsal."""
# A laptop's own stack, which holds nothing.
_LOCAL = "local"


@check("the system key crosses no network in the clear")
def check_api_url(facts: Facts) -> Iterator[Finding]:
    """An error if the key would cross a network without TLS."""
    url = facts.file.api_url if facts.file else ""
    if facts.file and facts.stack != _LOCAL and not is_private(url):
        text = "sends the system key in the clear to whoever listens on the way; write it with https://, or reach the"
        yield Finding(facts.stack_key("apiUrl"), f"{url!r} {text} server at http://127.0.0.1 by a port-forward")


@check("the system key and workers' keys go to hosts of the stack's own", precedence="last")
def check_api_host(facts: Facts) -> Iterator[Finding]:
    """An error for each name of a host that is neither below the base domain nor declared, nor of a Service."""
    if facts.file is None:
        return
    settings, url = facts.file.stack, facts.file.api_url
    host = same_address(urlsplit(url).hostname or "")
    if not is_on_this_machine(url) and not _is_own(host, settings):
        yield Finding(facts.stack_key("apiUrl"), _foreign(url, host, "the system key goes there", settings))
    elif owner := _whose_gateway(host, facts.tenants, settings):
        text = (
            f"{url!r} is where a gateway of tenant {owner} answers, and the system key goes there; write the server's"
        )
        yield Finding(facts.stack_key("apiUrl"), f"{text} own address")
    target = Target.of(settings.server_urls.api or "")
    if target and not (target.namespace or target.address or _is_own(target.host, settings)):
        given = str(settings.server_urls.api)
        text = _foreign(given, target.host, "workers take their keys there", settings)
        yield Finding(setting("", "serverUrls.api"), text)


@check("the authority of the API's certificate is there on every machine that runs the stack")
def check_authority(facts: Facts) -> Iterator[Finding]:
    """A warning of a file that the project does not have: a workflow's runner has another disk."""
    file = facts.file.api_ca_file if facts.file else None
    if file and file.startswith("/"):
        text = "is no file of this project: each machine that runs this stack, a workflow's runner too, needs it there,"
        fix = "and no review tells when it changes; a path like config/authorities/ours.pem goes with the project"
        yield Finding(facts.stack_key("apiCaFile"), f"{file!r} {text} {fix}", WARNING)


def _is_own(host: str, settings: StackSettings) -> bool:
    return is_below(host, settings.base_domain) or host in map(same_address, settings.api_hosts)


def _whose_gateway(host: str, tenants: Iterable[Tenant], settings: StackSettings) -> str:
    """The tenant at whose gateway, or below whose, the host is; empty if it is nobody's.

    One that is in the server's own place is told of the gateway.
    """
    servers = host_of(settings.url_of(settings.api_host))
    for tenant in tenants:
        for gateway in tenant.all_gateways.values():
            domain = gateway.domain
            if domain and is_below(host, domain) and not is_below(servers, domain):
                return tenant.name
    return ""


def _foreign(url: str, host: str, why: str, settings: StackSettings) -> str:
    hosts = ", ".join((*settings.api_hosts, host))
    return (
        f"{url!r} is not below the stack's baseDomain {settings.base_domain}, and {why}; mend it, or write "
        f"apiHosts: [{hosts}] into the stack's settings if the host is yours"
    )


def override_of(stack: str, url: str, variables: Mapping[str, str]) -> str:
    """One line if `variables` lead this machine's calls elsewhere than the stack's `url` does; else empty.

    Raises ConfigurationError if they lead to another machine: a reviewed file says where the system key goes.
    """
    given = (variables.get(OVERRIDE) or "").rstrip("/")
    if stack == _LOCAL or not given or _same(given, url):
        return ""
    if is_on_this_machine(given):
        return f"{OVERRIDE} leads to {given} on this machine, in place of the stack's apiUrl {url}"
    text = f"leads to {quoted(given)}, and the stack's apiUrl to {url}: the system key would go there; unset the"
    raise ConfigurationError(
        [Finding(Where("", "", OVERRIDE), f"{text} variable, or write that address into the stack's file")]
    )


def is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent there: TLS, or this very machine."""
    return urlsplit(url).scheme == "https" or is_on_this_machine(url)


def _same(one: str, other: str) -> bool:
    try:
        return (urlsplit(one).scheme, host_of(one)) == (urlsplit(other).scheme, host_of(other))
    except ValueError:
        return False
