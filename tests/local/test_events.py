"""What a person reads while the engine works."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.automation.events import EngineEvent, OpType, ResourcePreEvent, StepEventMetadata, StepEventStateMetadata

from local.events import Narrator

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
    old, new = ({"values": {"apiserver": {"extraEnvs": [{"name": "A", "value": value}]}}} for value in "12")
    narrator = Narrator("up", quiet=quiet)
    narrator.hear(_change(f"{_PLATFORM}::clearml-enterprise", old, new))
    assert capsys.readouterr().out == "  clearml-enterprise: restarts apiserver\n"
    narrator.hear(_change("urn:pulumi:local::x::clearml:tenant:Agent$kubernetes:helm.sh/v3:Release::acme", old, new))
    assert capsys.readouterr().out == ""
