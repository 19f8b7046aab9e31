"""A tenant with several agents: each has a release, a Secret and a key of its own."""

from __future__ import annotations

from base64 import b64decode
from functools import partial
from pathlib import Path

import pytest

from tests.unit.asked import TENANT
from tests.unit.deployment import Monitor, finished, inputs, project_with, run_program, start

RELEASE = "kubernetes:helm.sh/v3:Release"
SECRET = "kubernetes:core/v1:Secret"
CREDENTIALS = "pulumi-python:dynamic/clearml:Credentials"


@pytest.fixture
def deployed(tmp_path: Path) -> Monitor:
    monitor = start()
    text = f"{TENANT}agents:\n  gpu: {{queues: {{gpu: {{}}}}}}\n"
    finished(partial(run_program, project_with(tmp_path, {"acme": text})))
    return monitor


def test_each_agent_has_a_release_beside_the_unnamed_ones(deployed: Monitor) -> None:
    agents = [request for request in deployed.of_type(RELEASE) if "agent" in request.name]
    assert {(request.name, inputs(request)["namespace"]) for request in agents} == {
        ("acme-agent", "acme"),
        ("acme-agent-gpu", "acme"),
    }


def test_each_agent_has_a_key_of_its_own(deployed: Monitor) -> None:
    labels = {request.name: inputs(request)["label"] for request in deployed.of_type(CREDENTIALS)}
    assert labels == {
        "acme-agent-1": "local/acme/agent/1",
        "acme-agent-gpu-1": "local/acme/agent-gpu/1",
        "acme-gateway-1": "local/acme/gateway/1",
    }
    secret = inputs(deployed.one(SECRET, "acme-agent-gpu-credentials"))["data"]["secret"]
    assert b64decode(secret["agentk8sglue_key"]).decode() == "access of acme-agent-gpu-1"
    values = inputs(deployed.one(RELEASE, "acme-agent-gpu"))["values"]
    assert values["clearml"] == {"existingAgentk8sglueSecret": "acme-agent-gpu-credentials"}
    assert list(values["agentk8sglue"]["queues"]) == ["gpu"]
