"""Agents and tasks read `CLEARML_AGENT__…` and `CLEARML__…` by the server's parser: theirs have to arrive as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.errors import ConfigurationError
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, load_project

PIP = "CLEARML_AGENT__AGENT__PACKAGE_MANAGER__PIP_VERSION"
PLACES = {
    "agent.extraEnvs[0].value": "extraEnvs: [{entry}]",
    "agent.basePodTemplate.env[0].value": "basePodTemplate: {{env: [{entry}]}}",
    "agent.basePodTemplate.initContainers[0].env[0].value": (
        "basePodTemplate: {{initContainers: [{{name: a, image: 'python:3', env: [{entry}]}}]}}"
    ),
}


def _said(root: Path, line: str, stack: str = STACK) -> str:
    tenant = TENANT.replace("  queues: {default: {}}\n", f"  queues: {{default: {{}}}}\n  {line}\n")
    try:
        found = load_project(root, {STACK_FILE: stack, ACME: tenant}).warnings
    except ConfigurationError as error:
        return str(error)
    return "\n".join(f"warning: {each}" for each in found if "quotes of its own" in str(each))


@pytest.mark.parametrize(("key", "line"), PLACES.items())
@pytest.mark.parametrize("value", [">=21,<23", "==20.1", "ops@example.com", "-m pip install x=y"])
def test_what_stops_an_agent_or_a_task_is_told_with_its_quotes(tmp_path: Path, key: str, line: str, value: str) -> None:
    said = _said(tmp_path, line.format(entry=f"{{name: {PIP}, value: '{value}'}}"))
    assert f"acme: {key}: {PIP}: stops whatever reads it" in said
    assert f"a text stands in quotes of its own: value: '\"{value}\"'" in said
    assert "may lead the worker" not in said
    assert _said(tmp_path / "b", line.format(entry=f"{{name: {PIP}, value: '\"{value}\"'}}")) == ""


@pytest.mark.parametrize("value", ["a#b", "0123", "1e3", "10m"])
def test_what_a_task_would_take_for_something_else_is_a_warning(tmp_path: Path, value: str) -> None:
    name = "CLEARML__SDK__AWS__S3__BUCKET"
    said = _said(tmp_path, f"basePodTemplate: {{env: [{{name: {name}, value: '{value}'}}]}}")
    assert said.startswith("warning: ")
    assert f"a text stands in quotes of its own: value: '\"{value}\"'" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLEARML__SDK__DEVELOPMENT__DEFAULT_OUTPUT_URI", "s3://bucket/models"),
        ("CLEARML_AGENT__AGENT__VENVS_CACHE__PATH", "/var/cache/venvs"),
        ("CLEARML_AGENT__AGENT__VENVS_CACHE__FREE_SPACE_THRESHOLD_GB", "20"),
        ("CLEARML_AGENT_UPDATE_VERSION", "==2.0.4"),
    ],
)
def test_what_arrives_is_left_alone(tmp_path: Path, name: str, value: str) -> None:
    assert _said(tmp_path, f"basePodTemplate: {{env: [{{name: {name}, value: '{value}'}}]}}") == ""


def test_the_server_s_own_applications_too(tmp_path: Path) -> None:
    entry = f"{{name: {PIP}, value: '==20.1'}}"
    stack = STACK.replace(
        "    server:\n", f"    server:\n      extraValues: {{clearmlApplications: {{extraEnvs: [{entry}]}}}}\n"
    )
    assert f"extraValues.clearmlApplications.extraEnvs[0].value: {PIP}: stops" in _said(tmp_path, "", stack)


def test_a_word_of_another_language_is_told_as_json_has_it(tmp_path: Path) -> None:
    entry = "{name: WEBSERVER__useFilesProxy, value: 'True'}"
    stack = STACK.replace("    server:\n", f"    server:\n      webserver: {{extraEnvs: [{entry}]}}\n")
    assert "the web server reads this as JSON, and it is none; write value: 'true'" in _said(tmp_path, "", stack)
