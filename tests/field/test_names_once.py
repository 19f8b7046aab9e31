"""A container has each environment name once: Kubernetes merges variables by name, and loses both when one goes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from rehearsal import chart_repository
from rehearsal.stand_in_stack import CHARTS as STAND_INS
from settings.loading.load import Environment, load
from tests.field.published import SERVERS, write
from tests.local.charts.stack_values import OURS, ROOT, server_of, workers_of
from tests.local.helm import CHARTS, SERVER, Object, Values, given_twice, helm, render
from tests.unit.components import test_settings_are_used as settings_are_used
from tests.unit.components.test_settings_are_used import NOT_TRIED, SETTINGS, with_example

_NAME = "CLEARML__apiserver__auth__session_auth_cookie_name"


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stand-in charts as a rehearsal has them, which take values that no page names."""
    folder = tmp_path_factory.mktemp("charts")
    chart_repository.fill(folder, CHARTS, ((name, "1.2.3") for name in STAND_INS.values()))
    return folder / "unpacked"


def _objects(charts: Path, chart: str, values: Values) -> list[Object]:
    code, said = helm("template", "tried", str(charts / chart), "--namespace", "place", values=values)
    assert code == 0, said
    return [found for found in yaml.safe_load_all(said) if found]


def _workers_twice(environment: Environment, charts: Path) -> list[str]:
    made = ((tenant.name, _objects(charts, chart, values)) for tenant, _, chart, values in workers_of(environment))
    return [f"{tenant}: {each}" for tenant, objects in made for each in given_twice(objects)]


@pytest.mark.parametrize("server", SERVERS)
def test_of_every_published_server(server: str, tmp_path: Path, charts: Path) -> None:
    write(tmp_path, "test", server)
    assert given_twice(_objects(charts, SERVER, server_of(load(tmp_path, "test")))) == []


def test_of_the_workers_of_every_published_tenant(tmp_path: Path, charts: Path) -> None:
    write(tmp_path, "test", "production")
    assert _workers_twice(load(tmp_path, "test"), charts) == []


@pytest.mark.parametrize("stack", OURS)
def test_of_every_stack_of_ours(stack: str, charts: Path) -> None:
    environment = load(ROOT, stack)
    assert given_twice(_objects(charts, SERVER, server_of(environment))) == []
    assert _workers_twice(environment, charts) == []


def test_with_the_example_of_every_setting_of_the_server_and_the_workers(tmp_path: Path, charts: Path) -> None:
    """What renders as before is looked at once."""
    seen: set[str] = set()
    for number, (file, name) in enumerate(each for each in SETTINGS if each[1] not in NOT_TRIED):
        settings_are_used.write(tmp_path / str(number), with_example(file, name))
        environment = load(tmp_path / str(number), "local")
        workers = [(chart, values) for _, _, chart, values in workers_of(environment)]
        for chart, values in ((SERVER, server_of(environment)), *workers):
            text = json.dumps([chart, values], sort_keys=True)
            if text not in seen:
                seen.add(text)
                assert given_twice(_objects(charts, chart, values)) == [], name
    assert len(seen) > 100


@pytest.mark.parametrize("name", [_NAME, _NAME.upper(), _NAME.replace("CLEARML", "TRAINS")])
def test_a_name_in_another_spelling_is_seen(name: str) -> None:
    variable = {"name": name, "value": '"other"'}
    objects = render(SERVER, {"clearml": {"cookieName": "one"}, "apiserver": {"extraEnvs": [variable]}})
    assert given_twice(objects) == ["tried-apiserver/clearml-apiserver: apiserver__auth__session_auth_cookie_name"]
