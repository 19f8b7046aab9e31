"""What the program says before it makes anything: warnings, and the one line that stops it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pulumi
import pytest

from components.value_conflicts import CHECKS
from settings.check_registry import run
from settings.loading.load import Reading, load
from tests.unit.deployment import ROOT, finished, project_with, run_program, start
from tests.unit.facts import facts

COMPANY = "pulumi-python:dynamic/clearml:Company"


def test_a_warning_is_told_and_the_program_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", told.append)
    tenant = (ROOT / "config/tenants/local/acme.yaml").read_text()
    monitor = start()
    finished(lambda: run_program(project_with(tmp_path, {"acme": f"{tenant}features: [queues]\n"})))
    text = "features[0]: 'queues' is deprecated and has no effect: everybody has it; remove it"
    assert told == [f"config/tenants/local/acme.yaml: acme: {text}"]
    assert monitor.of_type(COMPANY)


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("apiUrl", "https://other.example.com", "clearml-tenants:apiUrl: the engine was started with another value; "),
        ("stack", '{"baseDomain": "other.example.com"}', "clearml-tenants:stack: the engine was started with another "),
        (
            "apiserverKey",
            "1-planted",
            "clearml-tenants:apiserverKey: its value (not shown) does not start with a letter",
        ),
        ("apiserverSecret", "planted#x", "clearml-tenants:apiserverSecret: its value (not shown) does not start with"),
        ("supervisorKey", "planted:x", "clearml-tenants:supervisorKey: its value (not shown) is empty, or holds a"),
        ("supervisorSecret", "planted\x00", "clearml-tenants:supervisorSecret: its value (not shown) is empty, or"),
    ],
)
def test_a_fault_stops_the_program_before_anything_is_made(key: str, value: str, line: str) -> None:
    monitor = start({f"clearml-tenants:{key}": value})
    with pytest.raises(pulumi.RunError) as error:
        run_program()
    assert str(error.value).startswith(f"config/Pulumi.local.yaml: {line}")
    assert "\n" not in str(error.value)
    assert "planted" not in str(error.value)
    assert monitor.registered == []


def test_a_clash_of_free_values_stops_the_program_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = load(ROOT, "local")
    server = asked.stack.server.model_copy(update={"extra_values": {"clearml": {"cookieDomain": "other"}}})
    stack = asked.stack.model_copy(update={"server": server})
    found = run(facts(stack, asked.tenants, name="local", api_url=asked.api_url), CHECKS)
    reading = Reading(replace(asked, stack=stack), tuple(each for each in found if each.is_error))
    monkeypatch.setattr("components.value_conflicts.read", lambda *_: reading)
    monkeypatch.setattr("settings.loading.agreement.agree", lambda _: None)
    monitor = start()
    with pytest.raises(
        pulumi.RunError, match=r"^config/Pulumi.local.yaml: .*\.extraValues\.clearml\.cookieDomain: is set"
    ):
        run_program()
    assert monitor.registered == []
