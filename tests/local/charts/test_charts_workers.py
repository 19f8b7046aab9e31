"""The Agent and Gateway stand-ins use the tenant's key pair, queues and addresses as their values say."""

from __future__ import annotations

import pytest
import yaml

from tests.local.documented_values import EVERY_AGENT_VALUE, EVERY_GATEWAY_VALUE
from tests.local.helm import AGENT, GATEWAY, Object, Values, content, environment, of_kind, render

PAIR = {"CLEARML_API_ACCESS_KEY": "agentk8sglue_key", "CLEARML_API_SECRET_KEY": "agentk8sglue_secret"}


def agent(values: Values, namespace: str = "place") -> list[Object]:
    return render(AGENT, values, "acme-agent", namespace)


def agent_pod(values: Values) -> Object:
    template: Object = of_kind(agent(values), "Deployment")["acme-agent"]["spec"]["template"]
    return template


def gateway(values: Values) -> list[Object]:
    return render(GATEWAY, values, "acme-gateway")


def read_from(deployment: Object) -> dict[str, tuple[str, str]]:
    """Variable to the Secret and key that it comes from."""
    entries = [
        (entry["name"], entry["valueFrom"]["secretKeyRef"]) for entry in environment(deployment) if "valueFrom" in entry
    ]
    return {name: (reference["name"], reference["key"]) for name, reference in entries}


def test_the_agent_reads_its_pair_from_the_existing_secret() -> None:
    objects = agent({"clearml": {"existingAgentk8sglueSecret": "acme-agent-credentials"}})
    assert of_kind(objects, "Secret") == {}
    assert read_from(of_kind(objects, "Deployment")["acme-agent"]) == {
        name: ("acme-agent-credentials", key) for name, key in PAIR.items()
    }


def test_the_agent_reads_a_given_pair_from_a_secret_of_its_own() -> None:
    objects = agent({})
    assert content(of_kind(objects, "Secret")["acme-agent-ac"]) == {
        "agentk8sglue_key": "key",
        "agentk8sglue_secret": "secret",
    }
    assert read_from(of_kind(objects, "Deployment")["acme-agent"]) == {
        name: ("acme-agent-ac", key) for name, key in PAIR.items()
    }


def test_a_changed_pair_alone_does_not_restart_the_agent_but_a_variable_beside_it_does() -> None:
    before = agent_pod({})
    assert agent_pod({"clearml": {"agentk8sglueKey": "other"}}) == before
    fingerprint = [{"name": "CREDENTIALS_FINGERPRINT", "value": "2"}]
    assert agent_pod({"agentk8sglue": {"extraEnvs": fingerprint}}) != before


def test_queues_with_their_settings_reach_the_agent() -> None:
    objects = agent(EVERY_AGENT_VALUE)
    entries = {entry["name"]: entry.get("value") for entry in environment(of_kind(objects, "Deployment")["acme-agent"])}
    assert entries["K8S_GLUE_QUEUE"] == "cpu,gpu"
    assert entries["K8S_GLUE_CREATE_QUEUES"] == "true"
    data = of_kind(objects, "ConfigMap")["acme-agent"]["data"]
    assert yaml.safe_load(data["queues.yaml"])["gpu"] == EVERY_AGENT_VALUE["agentk8sglue"]["queues"]["gpu"]
    assert yaml.safe_load(data["base-pod-template.yaml"]) == EVERY_AGENT_VALUE["agentk8sglue"]["basePodTemplate"]


def test_without_queues_the_agent_serves_the_default_one() -> None:
    entries = environment(of_kind(agent({}), "Deployment")["acme-agent"])
    assert {"name": "K8S_GLUE_QUEUE", "value": "default"} in entries


def test_the_documents_apps_queue_block_turns_it_on() -> None:
    entries = environment(
        of_kind(agent({"agentk8sglue": {"appsQueue": {"enabled": True}}}), "Deployment")["acme-agent"]
    )
    assert {"name": "K8S_GLUE_APPS_QUEUE", "value": "true"} in entries


@pytest.mark.parametrize("values", [{"agentk8sglue": {"useOwnerToken": True}}, {"agentk8s": {"useOwnerToken": True}}])
def test_owner_tokens_are_on_under_either_documented_name(values: Values) -> None:
    entries = environment(of_kind(agent(values), "Deployment")["acme-agent"])
    assert {"name": "K8S_GLUE_USE_OWNER_TOKEN", "value": "true"} in entries


def test_the_agent_has_no_rights_outside_its_namespace() -> None:
    objects = agent({}, "acme")
    assert of_kind(objects, "ClusterRole") == of_kind(objects, "ClusterRoleBinding") == {}
    assert {role["metadata"]["namespace"] for role in of_kind(objects, "Role").values()} == {"acme"}


def test_cluster_roles_of_two_agents_never_share_a_name() -> None:
    on = {"agentk8sglue": {"serviceAccountClusterAccess": True}}
    names = [
        name
        for release, namespace in (("a-b", "c"), ("b", "c-a"), ("a", "b-c"), ("a", "d"))
        for name in of_kind(render(AGENT, on, release, namespace), "ClusterRole")
    ]
    assert len(set(names)) == 4


def test_the_gateway_reads_its_pair_from_a_secret_and_rolls_when_it_changes() -> None:
    objects = gateway({})
    deployment = of_kind(objects, "Deployment")["acme-gateway"]
    assert content(of_kind(objects, "Secret")["acme-gateway-credentials"]) == {"apiKey": "key", "apiSecret": "secret"}
    assert read_from(deployment) == {
        "CLEARML_API_ACCESS_KEY": ("acme-gateway-credentials", "apiKey"),
        "CLEARML_API_SECRET_KEY": ("acme-gateway-credentials", "apiSecret"),
    }
    rotated = of_kind(gateway({"clearml": {"apiSecret": "other"}}), "Deployment")["acme-gateway"]
    assert rotated["spec"]["template"] != deployment["spec"]["template"]


@pytest.mark.parametrize("key", ["hostName", "hostname"])
def test_the_gateway_is_reached_at_its_host_under_either_documented_spelling(key: str) -> None:
    objects = gateway({"ingress": {"enabled": True, key: "router.example.com", "tlsSecretName": "tls"}})
    assert of_kind(objects, "Ingress")["acme-gateway"]["spec"]["rules"][0]["host"] == "router.example.com"
    entries = environment(of_kind(objects, "Deployment")["acme-gateway"], "router")
    assert {"name": "ROUTER_URL", "value": "https://router.example.com"} in entries


def test_stream_sessions_open_their_ports_for_both_protocols() -> None:
    stream = {"routerAddress": "10.0.0.9", "portRange": {"start": 30100, "end": 30103}}
    service = of_kind(gateway({"streamSession": stream}), "Service")["acme-gateway-stream"]
    assert service["spec"]["type"] == "NodePort"
    ports = {(port["protocol"], port["port"], port["nodePort"]) for port in service["spec"]["ports"]}
    assert ports == {(protocol, port, port) for protocol in ("TCP", "UDP") for port in range(30100, 30104)}


def test_a_long_port_range_is_kept_whole_in_an_annotation() -> None:
    stream = {"routerAddress": "10.0.0.9", "portRange": {"start": 30100, "end": 30999}}
    service = of_kind(gateway({"streamSession": stream}), "Service")["acme-gateway-stream"]
    assert service["metadata"]["annotations"]["clearml-stand-in/port-range"] == "30100-30999"
    assert len(service["spec"]["ports"]) == 20


def test_without_an_address_there_are_no_stream_sessions() -> None:
    assert set(of_kind(gateway({}), "Service")) == {"acme-gateway"}


def test_the_name_override_names_everything() -> None:
    assert {found["metadata"]["name"].split("-")[0] for found in gateway(EVERY_GATEWAY_VALUE)} == {"router"}
