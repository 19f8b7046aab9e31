"""What people have published of their installations can be said here: it passes checks and arrives in the charts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.value_conflicts import load
from rehearsal import chart_repository
from rehearsal.stand_in_stack import CHARTS
from rehearsal.unknown_values import unknown_in
from settings.loading.load import Environment
from settings.models.tenant import Tenant
from tests.field.published import AGENTS, SERVERS, TENANTS, tenant_file, write
from tests.local.charts.stack_values import server_of, workers_of
from tests.local.helm import AGENT, GATEWAY, SERVER, Object, Values, helm, of_kind
from tests.local.helm import CHARTS as FOLDER

SCHEMAS = {name: chart_repository.schema_of(FOLDER / name) for name in CHARTS.values()}
# Values that no public page names.
UNKNOWN = {
    "billing": {"agentk8sglue.debugMode", "agentk8sglue.dashboardReportMaxGpu"},
    "slices-by-hook": {"agentk8sglue.vgpuHook"},
    "fine-tuning": {"agentk8sglue.vgpuHook"},
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """All tenants beside a server for production."""
    root = tmp_path_factory.mktemp("installations")
    write(root, "test", "production")
    return load(root, "test")


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stand-in charts as a rehearsal has them, which take values that no page names."""
    folder = tmp_path_factory.mktemp("charts")
    chart_repository.fill(folder, FOLDER, ((name, "1.2.3") for name in CHARTS.values()))
    return folder / "unpacked"


def _rendered(charts: Path, chart: str, release: str, values: Values) -> list[Object]:
    code, said = helm("template", release, str(charts / chart), "--namespace", "place", values=values)
    assert code == 0, said
    return [found for found in yaml.safe_load_all(said) if found]


def test_there_are_many() -> None:
    assert len(TENANTS) >= 30
    assert len(SERVERS) >= 17


@pytest.mark.parametrize("server", SERVERS)
def test_all_pass_the_checks_beside_each_server(server: str, tmp_path: Path) -> None:
    write(tmp_path, "test", server)
    assert load(tmp_path, "test").warnings == ()


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_s_values_arrive(server: str, tmp_path: Path, charts: Path) -> None:
    write(tmp_path, "test", server)
    values = server_of(load(tmp_path, "test"))
    assert set(unknown_in(SCHEMAS[SERVER], values)) == UNKNOWN.get(server, set())
    text = json.dumps(_rendered(charts, SERVER, "clearml-enterprise", values))
    for part in ("apiserver", "webserver", "fileserver"):
        for key in ("resources", "containerSecurityContext", "additionalVolumeMounts"):
            for line in _leaves(values[part].get(key)):
                assert json.dumps(line) in text, (part, key, line)


@pytest.mark.parametrize("server", SERVERS)
def test_no_value_of_a_server_is_lost(server: str, tmp_path: Path) -> None:
    write(tmp_path, "test", server)
    environment = load(tmp_path, "test")
    values = server_of(environment)
    for place, value in _places(environment.stack.server.extra_values):
        assert _at(values, place) == value, place


def test_each_agent_of_a_tenant_is_here(environment: Environment) -> None:
    assert {name for name, _ in AGENTS} == set(TENANTS)
    assert len(AGENTS) == len([chart for _, _, chart, _ in workers_of(environment) if chart == AGENT])


@pytest.mark.parametrize(("name", "use"), AGENTS)
def test_an_agent_s_templates_arrive_as_they_are_written(
    name: str, use: str, environment: Environment, charts: Path
) -> None:
    tenant, _, chart, values = _worker(environment, name, AGENT, use)
    file = yaml.safe_load(tenant_file(name))
    written = file["agent"] if use == "agent" else file["agents"][use.removeprefix("agent-")]
    assert set(unknown_in(SCHEMAS[chart], values)) == UNKNOWN.get(name, set())
    for place, value in _places(written.get("extraValues", {})):
        assert _at(values, place) == value, place
    objects = _rendered(charts, chart, tenant.release_of(use), values)
    (data,) = [each["data"] for each in of_kind(objects, "ConfigMap").values()]
    queues = {queue: each or {} for queue, each in written["queues"].items()}
    made = yaml.safe_load(data["queues.yaml"])
    assert {queue: _said(each) for queue, each in made.items()} == {
        queue: _said(each) for queue, each in queues.items()
    }
    assert yaml.safe_load(data["base-pod-template.yaml"]) == written.get("basePodTemplate", {})
    assert data["custom-bash-script.sh"] == written.get("containerCustomBashScript", "")
    variables = {each["name"] for each in _container(objects)["env"]}
    assert variables >= {each["name"] for each in written.get("extraEnvs", [])}


@pytest.mark.parametrize("name", TENANTS)
def test_a_tenant_s_gateway_renders(name: str, environment: Environment, charts: Path) -> None:
    tenant, use, chart, values = _worker(environment, name, GATEWAY, "gateway")
    assert of_kind(_rendered(charts, chart, tenant.release_of(use), values), "Deployment")


def _worker(environment: Environment, name: str, chart: str, use: str) -> tuple[Tenant, str, str, Values]:
    (found,) = [each for each in workers_of(environment) if (each[0].name, each[1], each[2]) == (name, use, chart)]
    return found


def _places(value: object, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Where each value stands that is no mapping with something in it, and what it is."""
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _places(each, (*above, key))
    elif above:
        yield above, value


def _at(values: Any, place: tuple[str, ...]) -> object:
    for key in place:
        values = values[key]
    return values


def _said(queue: Any) -> dict[str, Any]:
    return {key: value for key, value in queue.items() if value}


def _container(objects: list[Object]) -> Object:
    (deployment,) = of_kind(objects, "Deployment").values()
    container: Object = deployment["spec"]["template"]["spec"]["containers"][0]
    return container


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    return [] if value is None else [value]
