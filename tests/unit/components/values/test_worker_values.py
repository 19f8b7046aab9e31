"""Agent and gateway are told where the server is and who they are."""

from __future__ import annotations

from typing import Any

import pytest

from components.values.agent import agent_values
from components.values.extra import ClashError
from components.values.gateway import gateway_values
from settings.models.stack import StackSettings
from settings.models.workers.agent import Agent, Queue
from settings.models.workers.gateway import Gateway, GatewayIngress, PortRange, StreamSession
from tests.unit.document import STACK_KEYS, settings

PER_TENANT = settings(server={**STACK_KEYS["server"], "queueMode": "per_tenant"})  # type: ignore[dict-item]
AGENT = Agent(queues={"default": Queue(), "gpu": Queue(queue_settings={"maxPods": 3})})


def _agent(agent: Agent = AGENT, stack: StackSettings | None = None, **changes: Any) -> dict[str, Any]:
    named: dict[str, Any] = {"access_key": "ACCESS", "runs_applications": True, **changes}
    return agent_values(agent, stack or settings(), secret_name="acme-agent-credentials", **named)


def _gateway(gateway: Gateway, **changes: Any) -> dict[str, Any]:
    named: dict[str, Any] = {"access_key": "ACCESS", "secret_key": "SECRET", **changes}
    return gateway_values(gateway, settings(), **named)


def test_the_agent_takes_its_credentials_from_a_secret_only() -> None:
    assert _agent()["clearml"] == {"existingAgentk8sglueSecret": "acme-agent-credentials"}


def test_other_credentials_or_settings_change_the_agents_pods() -> None:
    """A changed Secret or ConfigMap restarts nothing by itself."""
    environments = [
        _agent(access_key="ONE"),
        _agent(access_key="OTHER"),
        _agent(Agent(queues={"default": Queue()}), access_key="ONE"),
    ]
    distinct = {str(each["agentk8sglue"]["extraEnvs"]) for each in environments}
    assert len(distinct) == 3
    assert _agent() == _agent()


def test_the_agent_is_told_the_three_hosts_and_its_queues() -> None:
    glue = _agent()["agentk8sglue"]
    assert glue["apiServerUrlReference"] == "https://api.clearml.example.com"
    assert glue["fileServerUrlReference"] == "https://files.clearml.example.com"
    assert glue["webServerUrlReference"] == "https://app.clearml.example.com"
    assert glue["queues"] == {"default": {}, "gpu": {"queueSettings": {"maxPods": 3}}}
    assert glue["createQueues"] is True


def test_what_the_chart_documents_reaches_it_under_the_same_name() -> None:
    asked = {
        "queues": {"q": {"templateOverrides": {"labels": {"team": "research"}}}},
        "createQueues": False,
        "basePodTemplate": {"nodeSelector": {"pool": "gpu"}},
        "defaultContainerImage": "python:3.12",
        "extraEnvs": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
        "fileMounts": [{"name": "a", "folderPath": "/etc/a", "fileContent": "text"}],
        "containerSecurityContext": {"readOnlyRootFilesystem": True},
        "monitoredResources": {"a": 1},
        "orchestrationDashboard": {"reportType": "global"},
        "multiNode": {"enabled": True},
        "completedPodDeletionDelayMinutes": 10,
        "containerCustomBashScript": "echo",
        "useOwnerToken": True,
    }
    glue = _agent(Agent.model_validate(asked))["agentk8sglue"]
    assert {key: glue[key] for key in asked if key != "extraEnvs"} == {
        key: value for key, value in asked.items() if key != "extraEnvs"
    }
    assert glue["extraEnvs"][-1] == asked["extraEnvs"][0]  # type: ignore[index]


def test_what_a_file_leaves_out_is_left_to_the_chart() -> None:
    assert set(_agent()["agentk8sglue"]) == {
        "apiServerUrlReference",
        "fileServerUrlReference",
        "webServerUrlReference",
        "createQueues",
        "queues",
        "serviceAccountClusterAccess",
        "extraEnvs",
        "appsQueue",
    }


def test_the_agent_never_gets_rights_on_the_whole_cluster() -> None:
    assert _agent()["agentk8sglue"]["serviceAccountClusterAccess"] is False
    wanted = {"agentk8sglue": {"serviceAccountClusterAccess": True}}
    with pytest.raises(ClashError, match="serviceAccountClusterAccess: is set by this"):
        _agent(AGENT.model_copy(update={"extra_values": wanted}))


def test_what_the_settings_do_not_model_is_laid_over_the_rest() -> None:
    agent = AGENT.model_copy(update={"extra_values": {"agentk8sglue": {"workerIdOverride": "w"}, "sessions": {}}})
    values = _agent(agent)
    assert values["agentk8sglue"]["workerIdOverride"] == "w"
    assert values["agentk8sglue"]["queues"]
    assert values["sessions"] == {}
    gateway = Gateway(host_name="r.example.com", extra_values={"proxy": {"autoReloadConfig": False}})
    assert _gateway(gateway)["proxy"] == {"autoReloadConfig": False}


def test_the_apps_queue_is_on_exactly_when_tenants_run_their_own_applications() -> None:
    assert _agent()["agentk8sglue"]["appsQueue"] == {"enabled": False}
    assert _agent(stack=PER_TENANT)["agentk8sglue"]["appsQueue"] == {"enabled": True}
    other = _agent(stack=PER_TENANT, runs_applications=False)
    assert other["agentk8sglue"]["appsQueue"] == {"enabled": False}
    wanted = AGENT.model_copy(update={"extra_values": {"agentk8sglue": {"appsQueue": {"enabled": True}}}})
    with pytest.raises(ClashError):
        _agent(wanted)


def test_the_apps_queue_has_settings_as_other_queues() -> None:
    agent = AGENT.model_copy(update={"apps_queue": Queue(queue_settings={"maxPods": 5})})
    glue = _agent(agent, PER_TENANT)["agentk8sglue"]
    assert glue["appsQueue"] == {"enabled": True, "queueSettings": {"maxPods": 5}}


def test_the_gateway_knows_its_credentials_the_api_and_the_cookie() -> None:
    values = _gateway(Gateway(host_name="r.example.com"))
    assert values["clearml"] == {
        "apiKey": "ACCESS",
        "apiSecret": "SECRET",
        "apiServerUrlReference": "https://api.clearml.example.com",
        "authCookieName": "clearml_token_basic",
    }
    assert values["ingress"] == {"enabled": True, "hostName": "r.example.com"}
    assert "streamSession" not in values


def test_the_gateways_ingress_is_made_as_its_file_says() -> None:
    ingress = GatewayIngress(class_name="nginx", tls_secret_name="tls", annotations={"a/b": "c"})
    assert _gateway(Gateway(host_name="r.example.com", ingress=ingress))["ingress"] == {
        "enabled": True,
        "hostName": "r.example.com",
        "className": "nginx",
        "tlsSecretName": "tls",
        "annotations": {"a/b": "c"},
    }


def test_a_gateway_without_an_ingress_is_on_a_node_port() -> None:
    values = _gateway(Gateway(external_url="http://10.0.0.7:30080"))
    assert values["service"] == {"type": "NodePort"}
    assert values["ingress"] == {"enabled": False}
    assert values["externalURL"] == "http://10.0.0.7:30080"
    assert values["router"]["extraEnvs"][0] == {
        "name": "ROUTER__HTTP__AUTHORIZATION__COOKIE__SECURE",
        "value": "false",
    }


@pytest.mark.parametrize("kind", ["ClusterIP", "NodePort", "LoadBalancer"])
def test_the_gateways_service_is_as_its_file_says(kind: Any) -> None:
    assert _gateway(Gateway(host_name="r.example.com", service_type=kind))["service"] == {"type": kind}
    assert _gateway(Gateway(external_url="https://r.example.com", service_type=kind))["service"] == {"type": kind}


def test_with_tls_the_cookie_stays_secure() -> None:
    values = _gateway(Gateway(external_url="https://r.example.com"))
    assert "COOKIE" not in str(values["router"])


def test_other_credentials_change_the_gateways_pods() -> None:
    one, other = (_gateway(Gateway(host_name="r.example.com"), access_key=key) for key in ("ONE", "OTHER"))
    assert one["router"] != other["router"]


@pytest.mark.parametrize(
    ("version", "name"),
    [(None, "streamSession"), ("3.2.0", "streamSession"), ("v3.0.0", "streamSession"), ("2.16.1", "tcpSession")],
)
def test_tcp_sessions_go_by_the_name_that_the_charts_version_has(version: str | None, name: str) -> None:
    session = StreamSession(
        router_address="10.0.0.7",
        service_type="LoadBalancer",
        load_balancer_class="example.com/internal",
        port_range=PortRange(start=7000, end=7099),
    )
    values = _gateway(Gateway(host_name="r.example.com", stream_session=session), chart_version=version)
    assert {key: value for key, value in values.items() if key.endswith("Session")} == {
        name: {
            "routerAddress": "10.0.0.7",
            "service": {"type": "LoadBalancer", "loadBalancerClass": "example.com/internal"},
            "portRange": {"start": 7000, "end": 7099},
        }
    }


def test_each_chart_is_told_of_the_pull_secret_as_the_documentation_has_it() -> None:
    """The agent's chart hands on what is extra to the pods of tasks; a token in values would lie in each release."""
    agent, gateway = _agent(pull_secret="pull"), _gateway(Gateway(host_name="r.example.com"), pull_secret="pull")
    assert agent["imageCredentials"] == {"extraImagePullSecrets": [{"name": "pull"}]}
    assert gateway["imageCredentials"] == {"existingImagePullSecrets": [{"name": "pull"}]}
    assert "imageCredentials" not in _agent()
    assert "imageCredentials" not in _gateway(Gateway(host_name="r.example.com"))
