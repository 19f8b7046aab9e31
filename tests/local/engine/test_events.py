"""What a person reads while the engine works."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.events import (
    DiagnosticEvent,
    EngineEvent,
    OpType,
    ResourcePreEvent,
    ResOutputsEvent,
    StepEventMetadata,
    StepEventStateMetadata,
)

from local import environment
from local.checkout import Checkout
from local.engine.events import Narrator
from local.plugins.choose import Plugin, link

_PLATFORM = "urn:pulumi:local::clearml-tenants::clearml:platform:Platform$kubernetes:helm.sh/v3:Release"


def _change(urn: str, old: dict[str, Any], new: dict[str, Any]) -> EngineEvent:
    states = [
        StepEventStateMetadata(
            type="kubernetes:helm.sh/v3:Release", urn=urn, id="", parent="", inputs=each, provider=""
        )
        for each in (old, new)
    ]
    step = StepEventMetadata(op=OpType.UPDATE, urn=urn, type=states[0].type, provider="", old=states[0], new=states[1])
    return EngineEvent(sequence=1, timestamp=1, resource_pre_event=ResourcePreEvent(metadata=step))


@pytest.mark.parametrize("quiet", [True, False])
def test_what_restarts_is_said_before_it_does(capsys: pytest.CaptureFixture[str], quiet: bool) -> None:
    """In a preview as in an up: people are signed out of nothing, but the API is away for a moment."""
    old, new = (
        {"chart": "./c", "values": {"apiserver": {"extraEnvs": [{"name": "A", "value": value}]}}} for value in "12"
    )

    def pods(inputs: Mapping[str, Any]) -> dict[str, object]:
        return {"clearml-enterprise-apiserver": inputs["values"]["apiserver"], "clearml-enterprise-webserver": {}}

    narrator = Narrator("up", quiet=quiet, render=pods)
    narrator.hear(_change(f"{_PLATFORM}::clearml-enterprise", old, new))
    assert capsys.readouterr().out == "  clearml-enterprise: restarts apiserver\n"
    tenants = "urn:pulumi:local::x::clearml:tenant:Agent$kubernetes:helm.sh/v3:Release::acme-agent"
    narrator.hear(_change(tenants, old, {**old, "timeout": 60}))
    assert capsys.readouterr().out == "  acme-agent: restarts nothing\n"
    Narrator("destroy").hear(_change(tenants, old, new))
    assert capsys.readouterr().out == ""


def _finished(urn: str) -> EngineEvent:
    state = StepEventStateMetadata(type="clearml:Company", urn=urn, id="1", parent="", custom=True, provider="")
    step = StepEventMetadata(op=OpType.CREATE, urn=urn, type=state.type, provider="", new=state)
    return EngineEvent(sequence=1, timestamp=1, res_outputs_event=ResOutputsEvent(metadata=step))


def test_each_line_says_how_many_resources_are_done(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator("up")
    urns = [f"urn:pulumi:local::x::clearml:tenant:Tenant$clearml:Company::{name}" for name in ("acme", "beta")]
    for urn in urns:
        narrator.hear(_change(urn, {}, {}))
    for urn in urns:
        narrator.hear(_finished(urn))
    told = capsys.readouterr().out.splitlines()
    assert [line.partition("(")[0].split()[0] for line in told] == ["created", "created"]
    assert [line.rpartition("  ")[2] for line in told] == ["(1 of 2 resources)", "(2 of 2 resources)"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("resource plugin kubernetes is expected to have version >=4.34.2, but has 4.25.0; the wrong version may", ""),
        ("using pulumi-resource-random from $PATH at /a b/.local/bin/pulumi-resource-random", ""),
        ("resource plugin kubernetes is gone", "  warning: resource plugin kubernetes is gone\n"),
    ],
)
def test_a_warning_that_was_said_with_its_reason_is_not_said_at_every_run(
    capsys: pytest.CaptureFixture[str], said: str, shown: str
) -> None:
    event = DiagnosticEvent(message=f"<{{%reset%}}>{said}<{{%reset%}}>\n", color="never", severity="warning")
    Narrator("up").hear(EngineEvent(sequence=1, timestamp=1, diagnostic_event=event))
    assert capsys.readouterr().out == shown


def test_that_a_plugin_is_older_than_its_package_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout = Checkout(tmp_path, tmp_path / ".local", 8008, None)
    executable = tmp_path / "pulumi-resource-kubernetes"
    executable.write_text("#!/bin/sh\n")
    plugins = [Plugin(executable.name, "4.25.0", "official", executable, wanted="4.34.2")]
    environment.tell_older_plugins(checkout, plugins)
    assert capsys.readouterr().out.startswith(
        "plugins: pulumi-resource-kubernetes 4.25.0 is older than its Python package"
    )
    link(checkout, plugins)
    environment.tell_older_plugins(checkout, plugins)
    environment.tell_older_plugins(
        checkout, [Plugin("pulumi-resource-random", "4.21.4", "official", executable, wanted="4.21.4")]
    )
    assert capsys.readouterr().out == ""
