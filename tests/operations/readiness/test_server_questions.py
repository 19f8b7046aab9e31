"""`make ready`: whether the API takes the stack's key, by real HTTP and the emulator, and whether charts are there."""

from __future__ import annotations

import pytest

from operations.readiness.server_questions import api, charts
from settings.loading.load import load
from tests.emulator import Emulator
from tests.operations.readiness.place import SECRET, Place, lines


def test_whether_the_api_takes_the_stacks_key(place: Place, emulator: Emulator) -> None:
    place.monkeypatch.setenv("CLEARML_API_URL", emulator.url)
    environment = place.environment(api=f"https://api.clearml.example.com => {emulator.url}")
    before = len(emulator.calls())
    values = {"apiserverKey": emulator.key, "apiserverSecret": emulator.secret}
    (line,) = lines(api(environment, values, is_deployed=True))
    assert line == f"ok API: {emulator.url} answers with the stack's key, 1 companies"
    (line,) = lines(api(environment, values | {"apiserverSecret": SECRET}, is_deployed=True))
    assert line.startswith("missing API: ")
    assert line.endswith(": pulumi config set --stack test --secret apiserverKey")
    assert SECRET not in line
    called = {call["endpoint"] for call in emulator.calls()[before:]}
    assert called <= {"auth.login", "system.get_companies"}


@pytest.mark.parametrize(
    ("is_deployed", "remedy"), [(True, "make status STACK=test"), (False, "pulumi up --stack test, which makes it")]
)
def test_an_api_that_does_not_answer(place: Place, *, is_deployed: bool, remedy: str) -> None:
    environment = place.environment(api="https://api.clearml.example.com => http://127.0.0.1:9")
    values = {"apiserverKey": "KEY", "apiserverSecret": SECRET}
    (line,) = lines(api(environment, values, is_deployed=is_deployed))
    assert line.startswith("missing API: system.get_companies: http://127.0.0.1:9: ")
    assert line.endswith(f": {remedy}")
    (line,) = lines(api(environment, None, is_deployed=is_deployed))
    assert line == "missing API: not asked, for that needs the secrets: make ready STACK=test when they are set"


def test_whether_the_charts_can_be_fetched(place: Place) -> None:
    root = place.folder / "project"
    assert lines(charts(root, place.environment(), {})) == ["ok charts: ./server, ./agent, ./gateway: there"]
    (root / "agent" / "Chart.yaml").unlink()
    (line,) = lines(charts(root, load(root, "test"), {}))
    assert line == "missing charts: ./agent is no folder with a Chart.yaml: edit config/Pulumi.test.yaml"


@pytest.mark.parametrize(
    ("status", "text", "remedy"),
    [
        (200, "ok charts: a-chart, ./agent, ./gateway: there", ""),
        (401, " asks who wants a-chart", "pulumi config set --stack test --secret chartToken"),
        (404, " has no a-chart, version '11.0.2'", "edit config/Pulumi.test.yaml"),
        (503, " cannot be asked for a-chart, version '11.0.2'", "edit config/Pulumi.test.yaml"),
    ],
)
def test_what_a_repository_says(place: Place, status: int, text: str, remedy: str) -> None:
    place.statuses["/index.yaml"] = status
    there = f"{{chart: a-chart, repository: '{place.url}', version: 11.0.2}}"
    environment = place.environment(
        chart=f"{{chart: ./server}} => {there}",
        mongodb="      cookieName: =>       mongodb: {mckEnabled: true, mckMigrated: true}\n      cookieName:",
    )
    (line,) = lines(charts(place.folder / "project", environment, {}))
    assert text in line
    assert line.endswith(remedy)
