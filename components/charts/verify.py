"""Asks for every chart before the engine does: what is wrong with a login or a digest is told in one line.

The kubernetes plugin tells of a chart that it cannot have only that it could not be downloaded, whatever the reason.
What cannot be found out here is no error: the plugin decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pulumi

from components.charts.helm_logins import known_to_helm
from components.charts.registry import Answer, Registries
from settings.errors import ConfigurationError
from settings.facts import file_of, stack_file_of
from settings.finding import Finding, Where
from settings.loading.chart_login import CHART_TOKEN, ChartLogin, login_of
from settings.loading.load import Environment
from settings.models.charts import Chart
from settings.models.stack_file import PROJECT

_SET = "pulumi config set --secret"


@dataclass(frozen=True)
class _Place:
    """Where a chart's version is written."""

    file: str
    tenant: str
    key: str

    def fault(self, below: str, text: str) -> Finding:
        return Finding(Where(self.file, self.tenant, f"{self.key}{below}"), text)


def verify_charts(environment: Environment) -> None:
    """Raises ConfigurationError for charts that are refused, not there, or not what their digest says."""
    faults = list(chart_faults(environment, lambda key: pulumi.Config(PROJECT).require(key)))
    if faults:
        raise ConfigurationError(faults)


def chart_faults(
    environment: Environment, password: Callable[[str], str], *, tell_unknown: bool = False
) -> Iterator[Finding]:
    """What is wrong with the charts; `password` gives the stack's secret of a key.

    With `tell_unknown` also what could not be asked for.
    """
    charts = _asked_for(environment)
    if not charts:
        return
    file = stack_file_of(environment.name)
    login = login_of(environment.stack.charts, environment.secrets)
    refused: dict[str, list[Chart]] = {}
    with Registries() as registries:
        for chart, place in charts.items():
            signed_in = login if login and login.is_for(chart) else None
            answer = registries.ask(chart, _basic(signed_in, password) if signed_in else None)
            if answer.kind == "refused" and (signed_in or not known_to_helm(chart)):
                refused.setdefault(chart.host, []).append(chart)
            elif answer.kind != "unknown" or tell_unknown:
                yield from _faults(chart, place, answer)
    for host, all_refused in refused.items():
        yield _refusal(file, host, all_refused, login if login and login.host == host else None)


def _faults(chart: Chart, place: _Place, answer: Answer) -> Iterator[Finding]:
    """What an answer that is no refusal says against the chart that is asked for at `place`."""
    if answer.kind == "missing":
        yield place.fault(".version", f"{chart.host} has no {_named(chart)}; see there which it has, and write that")
    elif answer.kind == "unknown":
        yield place.fault("", f"{chart.host} cannot be asked for {_named(chart)}; see whether it is reached")
    elif answer.digest and chart.digest and answer.digest != chart.digest:
        text = (
            f"is not that of {_named(chart)} at {chart.host}, which is {answer.digest} now; find out who changed it, "
            "and write that if it is right"
        )
        yield place.fault(".digest", text)


def _asked_for(environment: Environment) -> dict[Chart, _Place]:
    """Each chart that has an address, in each version that is asked for, and where that is written first."""
    charts, file = environment.stack.charts, stack_file_of(environment.name)
    found = {chart: _Place(file, "", f"{PROJECT}:stack.charts.{key}") for key, chart in charts.each().items()}
    for tenant in environment.tenants:
        own = {"agent": charts.agent.at(tenant.charts.agent), "gateway": charts.gateway.at(tenant.charts.gateway)}
        for key, chart in own.items():
            file = file_of(environment.name, tenant.name, tenant.shard)
            found.setdefault(chart, _Place(file, tenant.name, f"charts.{key}"))
    return {chart: place for chart, place in found.items() if chart.address}


def _basic(login: ChartLogin, password: Callable[[str], str]) -> httpx.BasicAuth:
    """The login with its password, which nothing else here sees."""
    return httpx.BasicAuth(login.username, password(login.secret))


def _refusal(file: str, host: str, charts: list[Chart], login: ChartLogin | None) -> Finding:
    """One line a registry, whatever was asked of it."""
    what = _named(charts[0]) + (f" and {len(charts) - 1} more" if len(charts) > 1 else "")
    if login is None:
        text = (
            f"is missing: {host} asks who wants {what}; write charts.registry: {{username: …}}, and set its token "
            f"with: {_SET} {CHART_TOKEN}"
        )
    else:
        text = (
            f"{host} refuses {what} to user {login.username!r} with {login.secret}; write the right username, or set "
            f"the token anew with: {_SET} {login.secret}"
        )
    return Finding(Where(file, "", f"{PROJECT}:stack.charts.registry"), text)


def _named(chart: Chart) -> str:
    return f"{chart.chart}, version {chart.version!r}"
