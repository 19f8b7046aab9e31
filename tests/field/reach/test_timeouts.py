"""How long Helm waits: a first start pulls gigabytes, and a chart with a broken image need not hold a run for long."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.charts.access import ChartAccess
from settings.models.charts import ChartVersion
from tests.unit.asked import STACK, STACK_FILE, load_project, refusal
from tests.unit.document import SECRETS

_SERVER = "server: {chart: ./server"
_AGENT = "agent: {chart: ./agent"


def _stack(*changes: tuple[str, str]) -> str:
    text = STACK
    for old, new in changes:
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ([], (900, 900, 900)),
        ([("charts:\n", "charts:\n      timeoutSeconds: 3600\n")], (3600, 3600, 3600)),
        ([("charts:\n", "charts:\n      timeoutSeconds: '3600'\n")], (3600, 3600, 3600)),
        ([(_SERVER, f"{_SERVER}, timeoutSeconds: 5400")], (5400, 900, 900)),
        ([(_AGENT, f"{_AGENT}, timeoutSeconds: 60")], (900, 60, 900)),
        ([("charts:\n", "charts:\n      timeoutSeconds: 300\n"), (_SERVER, f"{_SERVER}, timeoutSeconds: 1800")],
         (1800, 300, 300)),
    ],
)  # fmt: skip
def test_each_release_waits_as_long_as_its_chart_says(
    tmp_path: Path, changes: list[tuple[str, str]], waits: tuple[int, int, int]
) -> None:
    charts = load_project(tmp_path, {STACK_FILE: _stack(*changes)}).stack.charts
    access = ChartAccess.of(charts, SECRETS)
    assert tuple(map(access.timeout, charts.each().values())) == waits


def test_a_tenant_that_is_ahead_with_a_version_waits_as_long(tmp_path: Path) -> None:
    stack = _stack((_AGENT, f"{_AGENT}, timeoutSeconds: 120"))
    charts = load_project(tmp_path, {STACK_FILE: stack}).stack.charts
    assert ChartAccess.of(charts, SECRETS).timeout(charts.agent.at(ChartVersion(version="6.14.6"))) == 120


@pytest.mark.parametrize("value", ["0", "59", "1000000", "15m", "12.5", "true"])
def test_a_time_that_helm_cannot_mean_is_refused(tmp_path: Path, value: str) -> None:
    said = refusal(tmp_path, {STACK_FILE: _stack(("charts:\n", f"charts:\n      timeoutSeconds: {value}\n"))})
    assert said.startswith(f"{STACK_FILE}: clearml-tenants:stack.charts.timeoutSeconds: ")
    assert "\n" not in said
