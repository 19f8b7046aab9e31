"""Who signs in where the charts are, and where alone: a login is for one host, and no other is ever told it. Pure.

ClearML's guides use one login for images and charts (contract 4): where the stack says nothing else, its image token
is the charts' login too, at the registry that it is for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.models.charts import Chart, Charts
from settings.types.registries import DOCKER_HUB, registry_of

IMAGE_REGISTRY = DOCKER_HUB
IMAGE_USER = "allegroaienterprise"
IMAGE_TOKEN = "imageToken"  # noqa: S105 - the secret's name
CHART_TOKEN = "chartToken"  # noqa: S105


@dataclass(frozen=True)
class ChartLogin:
    """`username` at `host`, as `registry_of` writes it; the stack's secret under the key `secret` is the password."""

    host: str
    username: str
    secret: str

    def is_for(self, chart: Chart) -> bool:
        """Whether it may be sent where the chart is: to that host, and not where others could read it on the way."""
        return chart.host == self.host and _is_private(chart.address)


def login_of(charts: Charts, given: Collection[str]) -> ChartLogin | None:
    """The login, of the secrets whose keys are `given`; None where a part of it is missing, or no chart needs it."""
    host, username, secret = _host(charts, given), _username(charts, given), _secret(charts, given)
    return ChartLogin(host, username, secret) if host in _hosts(charts) and host and username and secret else None


@check("whoever signs in where the charts are is known, with a password, and at one host")
def check_chart_login(facts: Facts) -> Iterator[Finding]:
    """What is missing of a login that is asked for, and a login that no chart would be given."""
    if (settings := facts.settings) is None:
        return
    charts, given = settings.charts, facts.secrets
    if charts.registry is None and CHART_TOKEN not in given:
        return
    host, hosts = _host(charts, given), _hosts(charts)
    if not hosts:
        if charts.registry:
            yield _registry("", "no chart is at a registry, so nobody signs in; remove it")
        return
    if host is None:
        text = f"is missing: charts are at {' and '.join(hosts)}, and the login is told to one; write host: {hosts[0]}"
        yield _registry(".host", text)
    elif host not in hosts:
        text = f"is {host}, and charts are at {' and '.join(hosts)}; write host: {hosts[0]}, or remove the login"
        yield _registry(".host", text)
    if host and _username(charts, given) is None:
        yield _registry(".username", f"is missing: who signs in at {host}; write it like username: robot")
    if _secret(charts, given) is None:
        text = f"is missing: the password of charts.registry; set it with: pulumi config set --secret {CHART_TOKEN}"
        yield Finding(facts.stack_key(CHART_TOKEN), text)
    for name, chart in charts.each().items():
        if chart.host == host and not _is_private(chart.address):
            key = f"charts.{name}.repository"
            yield Finding(
                setting("", key), "is plain http, where the login could be read on the way; write it with https://"
            )


def _host(charts: Charts, given: Collection[str]) -> str | None:
    """Where the login is for: what is written, or where all charts are that have an address."""
    if charts.registry and charts.registry.host:
        return registry_of(charts.registry.host)
    if not charts.registry and CHART_TOKEN not in given:
        return IMAGE_REGISTRY
    hosts = _hosts(charts)
    return hosts[0] if len(hosts) == 1 else None


def _username(charts: Charts, given: Collection[str]) -> str | None:
    written = charts.registry.username if charts.registry else None
    return written or (IMAGE_USER if _host(charts, given) == IMAGE_REGISTRY else None)


def _secret(charts: Charts, given: Collection[str]) -> str | None:
    """The charts' own; or the image token, which is of one user at one registry."""
    if CHART_TOKEN in given:
        return CHART_TOKEN
    of_images = _host(charts, given) == IMAGE_REGISTRY and _username(charts, given) == IMAGE_USER
    return IMAGE_TOKEN if of_images and IMAGE_TOKEN in given else None


def _hosts(charts: Charts) -> list[str]:
    """Where the charts are, each place once, the server's first."""
    return list(dict.fromkeys(chart.host for chart in charts.each().values() if chart.host))


def _is_private(address: str) -> bool:
    """Whether nobody on the way can read what is sent there: TLS, or this very machine."""
    parts = urlsplit(address)
    if parts.scheme != "http":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


def _registry(key: str, text: str) -> Finding:
    return Finding(setting("", f"charts.registry{key}"), text)
