"""Keys and secrets that the program registers for the local stack: each where it belongs, and none in plain text."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator

import pytest

from tests.unit.deployment import SECRETS, Monitor, finished, inputs, run_program, start

RELEASE = "kubernetes:helm.sh/v3:Release"
SECRET = "kubernetes:core/v1:Secret"
CREDENTIALS = "pulumi-python:dynamic/clearml:Credentials"


@pytest.fixture
def deployed() -> Monitor:
    monitor = start()
    finished(run_program)
    return monitor


def test_the_agent_reads_its_own_credentials_from_a_secret_in_its_namespace(deployed: Monitor) -> None:
    secret = inputs(deployed.one(SECRET, "acme-agent-credentials"))
    assert secret["metadata"] == {"name": "acme-agent-credentials", "namespace": "acme"}
    assert {key: b64decode(value).decode() for key, value in secret["data"]["secret"].items()} == {
        "agentk8sglue_key": "access of acme-agent-1",
        "agentk8sglue_secret": "secret of acme-agent-1",
    }
    values = inputs(deployed.one(RELEASE, "acme-agent"))["values"]
    assert values["clearml"] == {"existingAgentk8sglueSecret": "acme-agent-credentials"}
    assert "access of acme-agent-1" in json.dumps(values["agentk8sglue"]["extraEnvs"])


def test_the_gateway_has_the_gateways_credentials(deployed: Monitor) -> None:
    clearml = inputs(deployed.one(RELEASE, "acme-gateway"))["values"]["clearml"]
    assert clearml["apiKey"] == "access of acme-gateway-1"
    assert "secret of acme-gateway-1" in json.dumps(clearml["apiSecret"])


def test_agent_and_gateway_have_keys_of_their_own_with_telling_labels(deployed: Monitor) -> None:
    labels = {inputs(request)["label"] for request in deployed.of_type(CREDENTIALS)}
    assert labels == {"local/acme/agent/1", "local/acme/gateway/1"}


def test_the_stacks_secrets_are_secret_leaves_in_a_readable_structure(deployed: Monitor) -> None:
    values = inputs(deployed.one(RELEASE, "clearml-enterprise"))["values"]
    assert values["clearml"]["apiserverKey"] == {"secret": "planted-apiserver-key"}
    assert values["clearml"]["apiserverSecret"] == {"secret": "planted-apiserver-secret"}
    variables = {entry["name"]: entry for entry in values["apiserver"]["extraEnvs"]}
    assert variables["CLEARML__secure__credentials__supervisor__user_secret"]["valueFrom"] == {
        "secretKeyRef": {"name": "clearml-supervisor", "key": "user_secret"}
    }
    assert variables["CLEARML__secure__credentials__supervisor__email"]["value"] == '"supervisor@clearml.example"'


def test_the_supervisors_pair_is_in_a_secret_that_is_there_before_the_server(deployed: Monitor) -> None:
    """With the quotes that the server's parser needs, since nothing adds them on the way."""
    secret = inputs(deployed.one(SECRET, "clearml-supervisor"))
    assert secret["metadata"] == {"name": "clearml-supervisor", "namespace": "clearml"}
    assert {entry: b64decode(each).decode() for entry, each in secret["data"]["secret"].items()} == {
        "user_key": '"planted-supervisor-key"',
        "user_secret": '"planted-supervisor-secret"',
    }
    release = deployed.one(RELEASE, "clearml-enterprise")
    assert "clearml-supervisor" in {urn.rpartition("::")[2] for urn in release.dependencies}


def test_no_item_of_a_list_in_a_releases_inputs_is_secret(deployed: Monitor) -> None:
    """The kubernetes plugin hides the whole list for it: a reviewer would see no variable at all."""
    for request in deployed.of_type(RELEASE):
        assert list(_lists_with_secrets(inputs(request), "")) == [], request.name


def _lists_with_secrets(value: object, path: str) -> Iterator[str]:
    if isinstance(value, dict) and set(value) != {"secret"}:
        for key, each in value.items():
            yield from _lists_with_secrets(each, f"{path}.{key}")
    elif isinstance(value, list) and '{"secret":' in json.dumps(value):
        yield path


def test_no_secret_of_the_stack_is_registered_in_plain_text(deployed: Monitor) -> None:
    for request in deployed.registered:
        text = json.dumps(_without_secrets(inputs(request)))
        assert not [secret for secret in SECRETS.values() if secret in text], request.name


def _without_secrets(value: object) -> object:
    if isinstance(value, dict):
        return "secret" if set(value) == {"secret"} else {key: _without_secrets(each) for key, each in value.items()}
    return [_without_secrets(each) for each in value] if isinstance(value, list) else value
