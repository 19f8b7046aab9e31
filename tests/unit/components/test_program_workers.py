"""A tenant with several agents: each has a release, a Secret and a key of its own."""

from __future__ import annotations

import json
from base64 import b64decode
from functools import partial
from pathlib import Path

import pytest
import yaml

from tests.unit.asked import SECOND, TENANT
from tests.unit.deployment import Monitor, finished, inputs, project_with, run_program, start

RELEASE = "kubernetes:helm.sh/v3:Release"
SECRET = "kubernetes:core/v1:Secret"
BETA = f"{SECOND}agent: {{queues: {{q: {{}}}}}}\n"
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


def test_the_registry_token_is_one_secret_a_namespace_that_every_release_names(tmp_path: Path) -> None:
    monitor = start({"clearml-tenants:imageToken": "planted-token"})
    finished(partial(run_program, project_with(tmp_path, {"acme": TENANT})))
    made = {request.name: inputs(request) for request in monitor.of_type(SECRET) if "registry" in request.name}
    where = {name: each["metadata"] for name, each in made.items()}
    assert where == {
        "clearml-registry": {"name": "clearml-registry", "namespace": "clearml"},
        "acme-registry": {"name": "clearml-registry", "namespace": "acme"},
    }
    (login,) = {each["data"]["secret"][".dockerconfigjson"] for each in made.values()}
    assert json.loads(b64decode(login))["auths"]["docker.io"]["password"] == "planted-token"
    for request in monitor.of_type(RELEASE):
        named = inputs(request)["values"]["imageCredentials"]
        assert list(named.values()) == [[{"name": "clearml-registry"}]]


def test_a_canary_has_other_chart_versions_than_the_rest(tmp_path: Path) -> None:
    root = project_with(tmp_path, {"acme": f"{TENANT}charts: {{agent: {{version: '6.15.0'}}}}\n", "beta": BETA})
    file = root / "config" / "Pulumi.local.yaml"
    whole = yaml.safe_load(file.read_text())
    stack = whole["config"]["clearml-tenants:stack"]
    for name in ("agent", "gateway"):
        stack["charts"][name] = {"chart": f"oci://docker.io/clearml/{name}", "version": "6.14.1"}
    file.write_text(yaml.safe_dump(whole))
    monitor = start({"clearml-tenants:stack": json.dumps(stack)})
    finished(partial(run_program, root))
    versions = {request.name: inputs(request).get("version") for request in monitor.of_type(RELEASE)}
    assert versions == {
        "clearml-enterprise": None,
        "acme-agent": "6.15.0",
        "acme-gateway": "6.14.1",
        "beta-agent": "6.14.1",
    }
