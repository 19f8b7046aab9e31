"""Every stack of this repository renders its three charts, which refuse what no public page names."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from components.values.provisioned_inputs import ProvisionedInputs
from components.values.server import server_values
from settings.facts import stack_file_of
from settings.loading.load import Environment, load
from settings.loading.secrets import Secrets
from settings.shards import stacks
from tests.local.charts.stack_values import ANY, OURS, ROOT, UUID, server_of, workers_of
from tests.local.helm import AGENT, SERVER, Object, of_kind, render


def _placeholder(value: object) -> bool:
    return isinstance(value, dict) and value == {"secure": "replace-me"}


def test_all_stacks_are_here() -> None:
    assert tuple(stacks(ROOT)) == OURS


@pytest.mark.parametrize("stack", OURS)
def test_a_stack_renders_what_it_deploys(stack: str) -> None:
    environment = load(ROOT, stack)
    assert environment.warnings == environment.placeholders
    hosts = {
        found["spec"]["rules"][0]["host"]
        for found in of_kind(render(SERVER, server_of(environment)), "Ingress").values()
    }
    settings = environment.stack
    assert {settings.api_host, settings.app_host} <= hosts
    rendered = [(chart, render(chart, values)) for _, _, chart, values in workers_of(environment)]
    assert AGENT in dict(rendered)
    assert all(of_kind(objects, "Deployment") for _, objects in rendered)


@pytest.mark.parametrize("stack", [name for name in OURS if name != "local"])
def test_a_real_stack_takes_published_charts_and_says_which_secrets_to_set(stack: str) -> None:
    charts = load(ROOT, stack).stack.charts
    assert [
        (chart.chart.rpartition("/")[0], chart.version) for chart in (charts.server, charts.agent, charts.gateway)
    ] == [
        ("oci://docker.io/clearml", "11.0.2"),
        ("oci://docker.io/clearml", "6.14.6"),
        ("oci://docker.io/clearml", "3.2.0"),
    ]
    written: dict[str, Any] = yaml.safe_load((ROOT / stack_file_of(stack)).read_text())["config"]
    secrets = {key for key, value in written.items() if isinstance(value, dict) and "secure" in value}
    assert {f"clearml-tenants:{key}" for key in ("apiserverKey", "apiserverSecret", "imageToken")} <= secrets
    assert all(_placeholder(written[key]) for key in secrets)


def _templates(environment: Environment, **groups: Any) -> dict[str, Object]:
    stack = environment.stack.model_validate(
        {**environment.stack.model_dump(by_alias=True, exclude_unset=True), **groups}, by_alias=True, by_name=False
    )
    values = server_values(stack, Secrets(ANY, ANY, ANY, ANY), ProvisionedInputs(group_ids={"data_scientists": UUID}))
    deployments = of_kind(render(SERVER, values, "clearml-enterprise"), "Deployment")
    return {name.removeprefix("clearml-enterprise-"): found["spec"]["template"] for name, found in deployments.items()}


@pytest.mark.parametrize(
    "change",
    [
        {"groups": {"users": {"features": ["reports"]}}},
        {"groups": {"data_scientists": {"name": "Data Scientists", "features": []}}},
        {"features": {"reports": True}},
    ],
)
def test_a_changed_group_or_feature_restarts_the_apiserver_and_nothing_else(change: dict[str, Any]) -> None:
    environment = load(ROOT, "local")
    before, after, again = _templates(environment), _templates(environment, **change), _templates(environment, **change)
    assert {name for name in before if before[name] != after[name]} == {"apiserver"}
    assert set(before) == set(after) == {"apiserver", "webserver", "fileserver", "apps-agent"}
    assert after == again
