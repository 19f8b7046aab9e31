"""What the settings do not model can be added; nothing that the program sets can be replaced that way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components import value_conflicts
from components.values.extra import ClashError, ExtraList, with_extra
from components.values.server import server_values
from settings.errors import ConfigurationError
from settings.models.extra import ExtraVariable
from settings.models.stack import StackSettings
from tests.unit.asked import STACK, STACK_FILE, project, refusal
from tests.unit.document import SECRETS, STACK_KEYS, settings

SETTLED = "is set by this program from its own settings; change {}, and take it out here"
UNIQUE = "CLEARML__apiserver__company__unique_names"


def _server(**keys: object) -> StackSettings:
    return settings(server={**STACK_KEYS["server"], **keys})  # type: ignore[dict-item]


def _variable(name: str, value: str = "x") -> ExtraVariable:
    return ExtraVariable(name=name, value=value)


def test_free_values_reach_the_chart_beside_ours() -> None:
    values = server_values(_server(extraValues={"apiserver": {"logCalls": True}, "redis": {"auth": {}}}), SECRETS)
    assert values["apiserver"]["logCalls"] is True
    assert values["redis"] == {"auth": {}}
    ours = server_values(settings(), SECRETS)
    assert values["apiserver"]["extraEnvs"] == ours["apiserver"]["extraEnvs"]
    assert values["apiserver"]["ingress"] == ours["apiserver"]["ingress"]


def test_free_variables_come_last_and_as_they_are_written() -> None:
    variables: list[dict[str, Any]] = [
        {"name": "CLEARML__a__b", "value": '"$(HOME) $"'},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
    ]
    values = server_values(_server(apiserver={"extraEnvs": variables}, webserver={"extraEnvs": variables}), SECRETS)
    assert values["apiserver"]["extraEnvs"][-2:] == variables
    assert values["webserver"]["extraEnvs"] == variables


@pytest.mark.parametrize(
    ("ours", "extra", "keys"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 1}}, ["extraValues.a.b"]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "c": 4, "d": 5}}, ["extraValues.a.b", "extraValues.a.c"]),
        ({"a": {"b": 1}}, {"a": None}, ["extraValues.a"]),
        ({"a": {"b": 1}}, {"a": {"b": {"c": 1}}}, ["extraValues.a.b"]),
        ({"a": [1]}, {"a": [1, 2]}, ["extraValues.a"]),
        ({"a": []}, {"a": []}, ["extraValues.a"]),
    ],
)
def test_a_leaf_or_list_of_ours_is_never_replaced(ours: dict[str, Any], extra: dict[str, Any], keys: list[str]) -> None:
    with pytest.raises(ClashError) as refused:
        with_extra(ours, extra)
    assert refused.value.clashes == tuple((key, SETTLED.format("those")) for key in keys)


@pytest.mark.parametrize(
    "name",
    [
        UNIQUE,
        UNIQUE.replace("company__unique", "Company.UNIQUE"),
        UNIQUE.replace("CLEARML", "TRAINS"),
        "CLEARML__apiserver__company",
        f"{UNIQUE}__deeper",
    ],
)
def test_a_variable_of_ours_is_not_given_again_however_the_server_would_read_it(name: str) -> None:
    with pytest.raises(ClashError) as refused:
        server_values(_server(apiserver={"extraEnvs": [{"name": name, "value": "false"}]}), SECRETS)
    assert refused.value.clashes == (
        ("apiserver.extraEnvs[0].name", f"{name!r} {SETTLED.format('server.uniqueNames')}"),
    )


@pytest.mark.parametrize("name", ["CLEARML__apiserver__company__unique", "clearml_apiserver", "PATH"])
def test_another_variable_is_not_in_the_way(name: str) -> None:
    assert server_values(_server(apiserver={"extraEnvs": [{"name": name, "value": "false"}]}), SECRETS)


def test_other_variables_keep_their_case_and_their_places() -> None:
    ours = {"router": {"extraEnvs": [{"name": "A__B", "value": "1"}]}}
    extra = ExtraList("router", "extraEnvs", [_variable("A__b"), _variable("A"), _variable("A__B")])
    with pytest.raises(ClashError) as refused:
        with_extra(ours, {}, extra)
    assert [key for key, _ in refused.value.clashes] == ["extraEnvs[2].name"]


def test_what_is_given_is_not_changed() -> None:
    ours, extra = {"a": {"b": 1}}, {"a": {"c": {"d": 2}}}
    assert with_extra(ours, extra) == {"a": {"b": 1, "c": {"d": 2}}}
    assert (ours, extra) == ({"a": {"b": 1}}, {"a": {"c": {"d": 2}}})


def test_every_clash_is_one_line_with_file_key_and_fix(tmp_path: Path) -> None:
    stack = STACK + (
        "      extraValues: {apiserver: {extraEnvs: [], ingress: {hostName: x}}, clearml: {cookieDomain: x}}\n"
        f"      apiserver: {{extraEnvs: [{{name: {UNIQUE}, value: x}}]}}\n"
        "      webserver: {extraEnvs: [{name: A, value: x}, {name: A, value: y}]}\n"
    )
    with pytest.raises(ConfigurationError) as refused:
        value_conflicts.load(project(tmp_path, {STACK_FILE: stack}), "test")
    key = f"{STACK_FILE}: clearml-tenants:stack.server"
    assert str(refused.value).splitlines() == [
        f"{key}.apiserver.extraEnvs[0].name: {UNIQUE!r} {SETTLED.format('server.uniqueNames')}",
        f"{key}.extraValues.apiserver.extraEnvs: would replace this program's own list; "
        "write the variables in apiserver.extraEnvs",
        f"{key}.extraValues.apiserver.ingress.hostName: {SETTLED.format('server.apiserver.host')}",
        f"{key}.extraValues.clearml.cookieDomain: {SETTLED.format('baseDomain')}",
        f"{key}.webserver.extraEnvs[1].name: 'A' is given twice; keep one",
    ]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{name: A}", ": needs either value or valueFrom; write one of the two"),
        ("{name: A, value: x, valueFrom: {a: b}}", ": needs either value or valueFrom; write one of the two"),
        ("{name: 1A, value: x}", ".name: '1A' is not a variable's name; write it like CLEARML__apiserver__log_calls"),
        (
            "{name: A, value: 1}",
            ".value: must be a text, not a number; put it in quotes if it is a text, or write it like value: 'true'",
        ),
    ],
)
def test_an_entry_that_kubernetes_would_refuse_is_one_line(tmp_path: Path, entry: str, said: str) -> None:
    stack = f"{STACK}      apiserver: {{extraEnvs: [{entry}]}}\n"
    line = f"{STACK_FILE}: clearml-tenants:stack.server.apiserver.extraEnvs[0]{said}"
    assert refusal(tmp_path, {STACK_FILE: stack}) == line
