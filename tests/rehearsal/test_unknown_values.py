"""A value that only the enterprise charts know passes a rehearsal, is told, and counts as a restart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from operations.preview.restarts.release_restarts import Pods, restarts_of
from operations.preview.restarts.stand_ins import Inputs
from operations.preview.steps import Step
from rehearsal import chart_repository
from rehearsal.stand_in_stack import CHARTS
from rehearsal.unknown_values import counted, opened, unjudged_lines, unknown_in, unknown_lines

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = {name: chart_repository.schema_of(ROOT / "local" / "charts" / name) for name in CHARTS.values()}
AGENT, SERVER, GATEWAY = CHARTS["agent"], CHARTS["server"], CHARTS["gateway"]


@pytest.mark.parametrize(
    ("chart", "values", "unknown"),
    [
        (AGENT, {"agentk8sglue": {"debugMode": True, "replicaCount": 2}}, {"agentk8sglue.debugMode"}),
        (AGENT, {"agentk8sglue": {"dashboardReportMaxGpu": 2}}, {"agentk8sglue.dashboardReportMaxGpu"}),
        (AGENT, {"agentk8sglue": {"queues": {"gpu": {"priority": 1}}}}, {"agentk8sglue.queues.gpu.priority"}),
        (AGENT, {"agentk8sglue": {"basePodTemplate": {"any": 1}, "queues": {"q": None}}}, set()),
        (AGENT, {"enterpriseFeatures": {"enabled": True}}, {"enterpriseFeatures"}),
        (SERVER, {"apiserver": {"workers": {"count": 8}, "resources": {"a": 1}}}, {"apiserver.workers"}),
        (SERVER, {"fileserver": {"cleanup": {"data": {"size": "1Ti"}}}}, {"fileserver.cleanup"}),
        (SERVER, {"apiserver": {"ingress": {"pathType": "Exact"}}}, {"apiserver.ingress.pathType"}),
        (SERVER, {"redis": {"any": {"thing": 1}}}, set()),
        (GATEWAY, {"router": {"resources": {}}, "nodeSelector": {}}, {"router.resources", "nodeSelector"}),
    ],
)
def test_what_no_page_names_is_found(chart: str, values: dict[str, Any], unknown: set[str]) -> None:
    assert set(unknown_in(SCHEMAS[chart], values)) == unknown


@pytest.mark.parametrize("chart", SCHEMAS)
def test_an_opened_chart_refuses_a_wrong_kind_still(chart: str) -> None:
    text = json.dumps(opened(SCHEMAS[chart]))
    assert '"additionalProperties": false' not in text
    assert text.count('"type"') == json.dumps(SCHEMAS[chart]).count('"type"')


def _step(chart: str, old: Any, new: Any, tenant: str = "acme") -> Step:
    before, after = ({"chart": chart, "values": each} for each in (old, new))
    token = "kubernetes:helm.sh/v3:Release"
    return Step("update", token, f"{tenant}-agent", tenant, before, after, differs=("values",))


def test_only_what_changes_is_told() -> None:
    step = _step(AGENT, {"agentk8sglue": {"a": 1, "b": 1}}, {"agentk8sglue": {"a": 1, "b": 2, "c": 3}})
    lines = list(unknown_lines([step], SCHEMAS))
    assert [line.partition(" is a chart value")[0] for line in lines] == [
        "acme: agentk8sglue.b of release acme-agent",
        "acme: agentk8sglue.c of release acme-agent",
    ]
    assert not list(unknown_lines([_step("./charts/agent", {}, {"agentk8sglue": {"c": 3}})], SCHEMAS))


def _pods(inputs: Inputs) -> Pods:
    """Stand-ins make nothing of it."""
    return (
        {"acme-agent-apiserver": {}, "acme-agent-fileserver": {}} if inputs["chart"] == SERVER else {"acme-agent": {}}
    )


@pytest.mark.parametrize(
    ("chart", "old", "new", "parts"),
    [
        (AGENT, {}, {"agentk8sglue": {"debugMode": True}}, ("acme-agent",)),
        (AGENT, {"agentk8sglue": {"debugMode": True}}, {}, ("acme-agent",)),
        (AGENT, {"agentk8sglue": {"debugMode": True}}, {"agentk8sglue": {"debugMode": True, "labels": {}}}, ()),
        (SERVER, {}, {"apiserver": {"workers": {"count": 8}}}, ("apiserver",)),
        (SERVER, {}, {"enterpriseFeatures": {"enabled": True}}, ("apiserver", "fileserver")),
    ],
)
def test_it_counts_as_a_restart_of_what_it_may_shape(chart: str, old: Any, new: Any, parts: tuple[str, ...]) -> None:
    step = _step(chart, old, new)
    assert restarts_of(step, counted(_pods, SCHEMAS), counted(_pods, SCHEMAS)).parts == parts
    assert restarts_of(step, _pods, _pods).parts == ()


@pytest.mark.parametrize("operation", ["create", "update", "replace", "create-replacement"])
def test_what_no_policy_saw_of_the_real_charts_is_one_line(operation: str) -> None:
    """Policies of rendered charts, advisory ones among them, said nothing, and nothing said so."""
    steps = [replace(_step(chart, {}, {"any": 1}), operation=operation) for chart in (AGENT, GATEWAY, SERVER)]
    (line,) = unjudged_lines(steps, SCHEMAS)
    assert "charts are stand-ins here" in line
    assert "what policies only advise" in line


@pytest.mark.parametrize(
    ("chart", "operation"), [(AGENT, "same"), (AGENT, "delete"), ("./charts/of-this-project", "update")]
)
def test_where_no_stand_in_is_tried_nothing_is_said(chart: str, operation: str) -> None:
    assert list(unjudged_lines([replace(_step(chart, {}, {}), operation=operation)], SCHEMAS)) == []
