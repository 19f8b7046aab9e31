"""A tenant with several agents: each has a release, a Secret and a key of its own."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.asked import SECOND, TENANT
from tests.unit.deployment import Monitor, finished, inputs, project_with, run_program, start

RELEASE = "kubernetes:helm.sh/v3:Release"
SECRET = "kubernetes:core/v1:Secret"
BETA = f"{SECOND}agent: {{queues: {{q: {{}}}}}}\n"
SERVICE_ACCOUNT = "features: [service_users]\nserviceAccount: {enabled: true}\n"
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


@pytest.mark.parametrize(("mode", "owner"), [("global", "acme-service-account-id"), ("per_tenant", "a0")])
def test_who_runs_the_tenants_applications_has_a_key_of_its_admin(tmp_path: Path, mode: str, owner: str) -> None:
    """Servers take no service account's there (contract 4.2); every other worker has one of the account's."""
    text = f"{TENANT}agents: {{gpu: {{queues: {{gpu: {{}}}}}}}}\n{SERVICE_ACCOUNT}"
    monitor = _deployed(tmp_path, {"acme": text}, lambda stack: stack["server"].update(queueMode=mode))
    owners = {request.name: inputs(request)["user_id"] for request in monitor.of_type(CREDENTIALS)}
    account = "acme-service-account-id"
    assert owners == {"acme-agent-1": owner, "acme-agent-gpu-1": account, "acme-gateway-1": account}
    queues = {name: _values(monitor, name)["agentk8sglue"]["appsQueue"] for name in ("acme-agent", "acme-agent-gpu")}
    assert queues == {"acme-agent": {"enabled": mode == "per_tenant"}, "acme-agent-gpu": {"enabled": False}}


def test_every_worker_reaches_the_server_where_its_tenant_says(tmp_path: Path) -> None:
    text = f"{TENANT}serverUrls: {{api: 'https://api.elsewhere.example.com'}}\n"
    granted = {"tenants": {"acme": {"serverHosts": ["api.elsewhere.example.com"]}}}
    monitor = _deployed(tmp_path, {"acme": text}, lambda stack: stack.update(tenantRules=granted))
    agent, gateway = (_values(monitor, f"acme-{use}") for use in ("agent", "gateway"))
    urls = {agent["agentk8sglue"]["apiServerUrlReference"], gateway["clearml"]["apiServerUrlReference"]}
    assert urls == {"https://api.elsewhere.example.com"}


def test_a_gateway_is_told_in_the_words_of_its_own_charts_version(tmp_path: Path) -> None:
    """TCP sessions have another name from version 3 on."""
    session = "{routerAddress: 10.0.0.7, portRange: {start: 30100, end: 30109}}"
    text = TENANT.replace("gateway: {", f"gateway: {{streamSession: {session}, ")
    second = text.replace("acme", "beta").replace("Acme", "Beta").replace("partner", "another")
    second = second.replace("30100", "30200").replace("30109", "30209")
    monitor = _deployed(
        tmp_path,
        {"acme": text, "beta": f"{second}charts: {{gateway: {{version: '3.0.0'}}}}\n"},
        lambda stack: stack["charts"].update(gateway={"chart": "oci://docker.io/clearml/gateway", "version": "2.9.0"}),
    )
    words = {
        name: _values(monitor, name).keys() & {"streamSession", "tcpSession"}
        for name in ("acme-gateway", "beta-gateway")
    }
    assert words == {"acme-gateway": {"tcpSession"}, "beta-gateway": {"streamSession"}}


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


def _deployed(folder: Path, tenants: dict[str, str], edit: Callable[[dict[str, Any]], None]) -> Monitor:
    """The program with these tenants, and with the local stack's settings as the edit leaves them."""
    root = project_with(folder, tenants)
    file = root / "config" / "Pulumi.local.yaml"
    whole = yaml.safe_load(file.read_text())
    stack = whole["config"]["clearml-tenants:stack"]
    edit(stack)
    file.write_text(yaml.safe_dump(whole))
    monitor = start({"clearml-tenants:stack": json.dumps(stack)})
    finished(partial(run_program, root))
    return monitor


def _values(monitor: Monitor, release: str) -> dict[str, Any]:
    found: dict[str, Any] = inputs(monitor.one(RELEASE, release))["values"]
    return found


def _with_versions(stack: dict[str, Any]) -> None:
    for name in ("agent", "gateway"):
        stack["charts"][name] = {"chart": f"oci://docker.io/clearml/{name}", "version": "6.14.1"}


def test_a_canary_has_other_chart_versions_than_the_rest(tmp_path: Path) -> None:
    tenants = {"acme": f"{TENANT}charts: {{agent: {{version: '6.15.0'}}}}\n", "beta": BETA}
    monitor = _deployed(tmp_path, tenants, _with_versions)
    versions = {request.name: inputs(request).get("version") for request in monitor.of_type(RELEASE)}
    assert versions == {
        "clearml-enterprise": None,
        "acme-agent": "6.15.0",
        "acme-gateway": "6.14.1",
        "beta-agent": "6.14.1",
    }
