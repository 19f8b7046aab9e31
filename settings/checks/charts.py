"""Checks of versions: each chart pinned, and nothing below what a multi-tenant service needs (contract 4.2, 6.1)."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.checks.tenant_rules.grants import for_each_tenant
from settings.facts import Facts
from settings.features.server_version import server_version_of
from settings.finding import WARNING, Finding, setting
from settings.grant import Grant
from settings.models.charts import Chart
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants
from settings.types.versions import OTHER_MONGODB_SINCE, at_least, is_exact, is_older

_EXAMPLES = {"server": "11.0.2", "agent": "6.14.6", "gateway": "3.2.0"}
_SERVER_FLOOR = (3, 26, 8)
_CLOSED_LEAK = "3.26.8, which closed a leak between tenants (sessions of one were reachable from another)"
_AGENT_FLOORS = (
    ((6, 13, 9), "from which on agents of several tenants no longer share names of cluster roles"),
    ((6, 14, 2), "which mended missing logs of tasks"),
)


@check("charts are pinned, and nothing is below what a service for many tenants needs")
def check_charts(facts: Facts) -> Iterator[Finding]:
    """Charts that are not pinned, and versions with a known hole."""
    if (settings := facts.settings) is None:
        return
    tenants = facts.tenants
    for name, chart in settings.charts.each().items():
        yield from _pinned(name, chart)
        yield from _place(name, chart)
    yield from _mongodb(settings)
    yield from _server_floor(settings)
    yield from _agent_floor("", settings.charts.agent.version)
    for tenant in tenants:
        for name, own, of_stack in (
            ("agent", tenant.charts.agent, settings.charts.agent),
            ("gateway", tenant.charts.gateway, settings.charts.gateway),
        ):
            if own:
                yield from _exact(tenant.name, name, own.version)
                yield from _digest(tenant.name, name, of_stack.at(own))
        if tenant.charts.agent:
            yield from _agent_floor(tenant.name, tenant.charts.agent.version)


@check("no tenant pins a chart older than the stack's", precedence="last")
@for_each_tenant
def check_oldest_charts(tenant: Tenant, settings: StackSettings, grants: Grants) -> Iterator[Finding]:
    """Charts of the tenant's file that are below the stack's own, or below what its `tenantRules` grant."""
    own, stacks = tenant.charts, settings.charts
    for name, rule, pinned, floor in (
        ("agent", "oldestAgentChart", own.agent, grants.oldest_agent_chart or stacks.agent.version),
        ("gateway", "oldestGatewayChart", own.gateway, grants.oldest_gateway_chart or stacks.gateway.version),
    ):
        if pinned and floor and is_exact(floor) and is_exact(pinned.version) and is_older(pinned.version, floor):
            way = Grant(rule, pinned.version, tenant.name)
            text = f"{pinned.version!r} is older than {floor!r}, which the stack's file asks for; remove it, or write "
            yield Finding(setting(tenant.name, f"charts.{name}.version"), f"{text}in the stack's file {way}", grant=way)


def _server_floor(settings: StackSettings) -> Iterator[Finding]:
    """What is known to be below the floor, and what may be: a chart tells no patch."""
    version = server_version_of(settings)
    if version.is_surely_below(*_SERVER_FLOOR) and settings.server.version:
        text = f"{settings.server.version!r} is below {_CLOSED_LEAK}; upgrade the server"
        yield Finding(setting("", "server.version"), text, WARNING)
    elif version.lowest is not None and not version.is_surely(*_SERVER_FLOOR):
        text = (
            f"{settings.charts.server.version!r} may bring a server below {_CLOSED_LEAK}; raise it, or write "
            "server.version if you know better"
        )
        yield Finding(setting("", "charts.server.version"), text, WARNING)


def _mongodb(settings: StackSettings) -> Iterator[Finding]:
    """From 10.11.7 the chart brings another MongoDB; what the earlier one holds has to be migrated (contract 6.5)."""
    version = settings.charts.server.version
    exact = version is not None and is_exact(version)
    if exact and at_least(version, *OTHER_MONGODB_SINCE) and settings.server.mongodb.mck_enabled is None:
        text = (
            f"is missing: charts from 10.11.7 on, like {version!r}, bring an empty MongoDB in place of the old one; "
            "write mongodb: {mckEnabled: true, mckMigrated: true} for a new or migrated server, {mckEnabled: false} "
            "for a MongoDB of your own"
        )
        yield Finding(setting("", "server.mongodb"), text)


def _pinned(name: str, chart: Chart) -> Iterator[Finding]:
    if chart.is_folder:
        return  # its version is in this repository
    if chart.version is None:
        text = f"is missing, so that each run would take the newest of {chart.chart}; {_fix(name)}"
        yield Finding(setting("", f"charts.{name}.version"), text)
    else:
        yield from _exact("", name, chart.version)


def _place(name: str, chart: Chart) -> Iterator[Finding]:
    if chart.repository and ("://" in chart.chart or chart.is_folder):
        text = f"goes with a chart's name, and {chart.chart} says by itself where it is; remove one of the two"
        yield Finding(setting("", f"charts.{name}.repository"), text)
    yield from _digest("", name, chart)


def _digest(tenant: str, name: str, chart: Chart) -> Iterator[Finding]:
    """Helm compares it with what a registry gives, and knows none of a repository's archives."""
    if chart.digest and not chart.chart.startswith("oci://"):
        text = "is checked of a chart at oci://… alone; remove it, or take the chart from a registry"
        yield Finding(setting(tenant, f"charts.{name}.digest"), text)


def _exact(tenant: str, name: str, version: str) -> Iterator[Finding]:
    if not is_exact(version):
        text = f"{version!r} is a range to Helm, which takes the newest in it; {_fix(name)}"
        yield Finding(setting(tenant, f"charts.{name}.version"), text)


def _fix(name: str) -> str:
    return f"pin it like version: '{_EXAMPLES[name]}'"


def _agent_floor(tenant: str, version: str | None) -> Iterator[Finding]:
    """The most serious of what a later chart mends."""
    for floor, mended in _AGENT_FLOORS:
        if not at_least(version, *floor):
            text = f"{version!r} is below {'.'.join(map(str, floor))}, {mended}; raise it"
            yield Finding(setting(tenant, "charts.agent.version"), text, WARNING)
            return
