"""What we send arrives in ClearML's public charts, and our policies select the pods that these make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.value_conflicts import load
from components.values.agent import agent_values
from components.values.policies import policies
from settings.loading.load import Environment
from tests.field.published import SERVERS, TENANTS, write
from tests.local.charts.stack_values import server_of
from tests.local.helm import AGENT, CHARTS, LEAST, SERVER, Object, Values, given_twice, helm, merged, of_kind
from tests.unit.components.isolation.network_policy import selected
from tests.witness.leaves import Path as ClusterRef
from tests.witness.leaves import changed, is_known, leaves

# It says of all values that one changed, whether or not it arrives anywhere.
_OF_ALL_VALUES = "checksum/config"
# Among the public agent chart's values up to 5.3.2 at least, and in none of its templates.
_OPEN_SOURCE_ONLY = ("queue", "createQueueIfNotExists")
# Two published servers say by a variable of another spelling what the public chart has a value for.
_BY_ITS_USERS = ": apiserver__pre_populate__enabled"
_UNUSED = ("agentk8sglue.basePodTemplate.schedulerName", "agentk8sglue.basePodTemplate.hostAliases")


@pytest.fixture(scope="session")
def environments(public_charts: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Environment]:
    """Every published server, each beside all published tenants."""
    assert public_charts.is_dir()
    root = tmp_path_factory.mktemp("witness")
    for server in SERVERS:
        write(root / server, "test", server)
    return {server: load(root / server, "test") for server in SERVERS}


@pytest.mark.parametrize("server", SERVERS)
def test_every_value_of_a_server_arrives(
    server: str, environments: dict[str, Environment], public_charts: Path
) -> None:
    values = server_of(environments[server])
    assert _lost(public_charts / "clearml", "clearml-enterprise", values) == []


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_s_containers_have_each_name_once(
    server: str, environments: dict[str, Environment], public_charts: Path
) -> None:
    values = json.dumps(server_of(environments[server]))
    found = given_twice(_objects(public_charts / "clearml", "clearml-enterprise", values))
    assert [each for each in found if not each.endswith(_BY_ITS_USERS)] == []


@pytest.mark.parametrize("name", TENANTS)
def test_an_agent_s_containers_have_each_name_once(
    name: str, environments: dict[str, Environment], public_charts: Path
) -> None:
    for release, values in _agents(environments["production"], name):
        assert given_twice(_objects(public_charts / "clearml-agent", release, json.dumps(values))) == []


@pytest.mark.parametrize("name", TENANTS)
def test_every_value_of_an_agent_arrives(name: str, environments: dict[str, Environment], public_charts: Path) -> None:
    for release, values in _agents(environments["production"], name):
        assert _lost(public_charts / "clearml-agent", release, values) == []


@pytest.mark.parametrize("name", TENANTS)
def test_our_policies_select_the_agent_s_pods(
    name: str, environments: dict[str, Environment], public_charts: Path
) -> None:
    """The one that opens the Kubernetes API: without it the agent starts no task."""
    environment = environments["production"]
    (tenant,) = [each for each in environment.tenants if each.name == name]
    selector = policies(tenant, environment.stack).specs["kubernetes-api"]["podSelector"]
    for release, values in _agents(environment, name):
        objects = _objects(public_charts / "clearml-agent", release, json.dumps(values))
        (deployment,) = of_kind(objects, "Deployment").values()
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert selected(selector, labels)
        assert not selected(selector, {**labels, "app.kubernetes.io/instance": "another"})


@pytest.mark.parametrize(("public", "own"), [("clearml", SERVER), ("clearml-agent", AGENT)])
def test_our_stand_ins_take_what_the_public_charts_take(public: str, own: str, public_charts: Path) -> None:
    """But the two names that the enterprise chart has others for: taken and unread, no queue would be served."""
    defaults = yaml.safe_load((public_charts / public / "values.yaml").read_text())
    for key in _OPEN_SOURCE_ONLY:
        defaults.get("agentk8sglue", {}).pop(key, None)
    assert _objects(CHARTS / own, "tried", json.dumps(merged(LEAST[own], defaults)))


def _agents(environment: Environment, name: str) -> Iterator[tuple[str, Values]]:
    """Release and values of each agent of the tenant, with its objects called as the program calls them."""
    (tenant,) = [each for each in environment.tenants if each.name == name]
    for use, agent in tenant.all_agents.items():
        release = tenant.release_of(use)
        runs = use == tenant.apps_agent
        stack = environment.stack
        yield (
            release,
            agent_values(agent, stack, "keys", "key", runs_applications=runs, pull_secret="pull", full_name=release),
        )


class RefusedValuesError(Exception):
    """Helm does not render the chart with these values; it says why."""


def _lost(chart: Path, release: str, values: Values) -> list[str]:
    """Every value that the chart knows and makes nothing of: changing it changes nothing."""
    defaults = yaml.safe_load((chart / "values.yaml").read_text())
    known = [place for place in leaves(values) if is_known(defaults, place)]
    assert known, "the chart knows none of our values"
    whole = _compared(chart, release, values)

    def made_otherwise(place: tuple[str | int, ...]) -> str:
        try:
            return _compared(chart, release, changed(values, place))
        except RefusedValuesError as error:
            # As a subchart that takes certain words alone: it has read the value.
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(made_otherwise, known))
    return [_shown(place) for place, each in zip(known, made, strict=True) if each == whole and not _unused(place)]


def _compared(chart: Path, release: str, values: Values) -> str:
    lines = json.dumps(_objects(chart, release, json.dumps(values)), sort_keys=True, indent=0).splitlines()
    return "\n".join(line for line in lines if _OF_ALL_VALUES not in line)


@cache
def _objects(chart: Path, release: str, values: str) -> list[Object]:
    given: Any = json.loads(values)
    code, said = helm("template", release, str(chart), "--namespace", "place", "--kube-version", "1.31.0", values=given)
    if code:
        raise RefusedValuesError(said)
    # A list in the place of a chart's empty map arrives; helm says so first.
    manifest = "\n".join(line for line in said.splitlines() if not line.startswith("coalesce.go:"))
    return [found for found in yaml.safe_load_all(manifest) if found]


def _unused(place: Iterable[str | int]) -> bool:
    return _shown(place).startswith(_UNUSED)


def _shown(place: ClusterRef | Iterable[str | int]) -> str:
    return ".".join(map(str, place))
