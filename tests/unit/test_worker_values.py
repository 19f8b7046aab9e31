"""Agent and gateway are told where the server is and who they are."""

from __future__ import annotations

from components.values.agent import agent_values
from components.values.gateway import gateway_values
from config.secrets import Secrets
from config.tenant import Agent, Gateway, Queue
from tests.unit.document import SECRETS, STACK_KEYS, settings

AGENT = Agent(queues={"default": Queue(), "gpu": Queue(queue_settings={"maxPods": 3})})


def test_the_agent_takes_its_credentials_from_a_secret_only() -> None:
    values = agent_values(AGENT, settings(), SECRETS, "acme-agent-credentials", "ACCESS")
    assert values["clearml"] == {"existingAgentk8sglueSecret": "acme-agent-credentials"}


def test_other_credentials_change_the_agents_pods() -> None:
    one, other = (agent_values(AGENT, settings(), SECRETS, "same", key) for key in ("ONE", "OTHER"))
    assert one["agentk8sglue"]["extraEnvs"] != other["agentk8sglue"]["extraEnvs"]


def test_the_agent_is_told_the_three_hosts_and_its_queues() -> None:
    glue = agent_values(AGENT, settings(), SECRETS, "name", "ACCESS")["agentk8sglue"]
    assert glue["apiServerUrlReference"] == "https://api.clearml.example.com"
    assert glue["fileServerUrlReference"] == "https://files.clearml.example.com"
    assert glue["webServerUrlReference"] == "https://app.clearml.example.com"
    assert glue["queues"] == {"default": {}, "gpu": {"queueSettings": {"maxPods": 3}}}
    assert glue["createQueues"] is True


def test_the_agent_never_gets_rights_on_the_whole_cluster() -> None:
    glue = agent_values(AGENT, settings(), SECRETS, "name", "ACCESS")["agentk8sglue"]
    assert glue["serviceAccountClusterAccess"] is False


def test_the_apps_queue_is_on_exactly_when_tenants_run_their_own_applications() -> None:
    per_tenant = settings(server={**STACK_KEYS["server"], "queueMode": "per_tenant"})  # type: ignore[dict-item]
    assert "appsQueue" not in agent_values(AGENT, settings(), SECRETS, "name", "ACCESS")["agentk8sglue"]
    glue = agent_values(AGENT, per_tenant, SECRETS, "name", "ACCESS")["agentk8sglue"]
    assert glue["appsQueue"] == {"enabled": True}


def test_the_gateway_knows_its_credentials_the_api_and_the_cookie() -> None:
    values = gateway_values(Gateway(host_name="r.example.com"), settings(), SECRETS, "ACCESS", "SECRET")
    assert values["clearml"] == {
        "apiKey": "ACCESS",
        "apiSecret": "SECRET",
        "apiServerUrlReference": "https://api.clearml.example.com",
        "authCookieName": "clearml_token_basic",
    }
    assert values["ingress"] == {"enabled": True, "hostName": "r.example.com"}


def test_a_gateway_without_an_ingress_is_on_a_node_port() -> None:
    values = gateway_values(Gateway(external_url="http://10.0.0.7:30080"), settings(), SECRETS, "ACCESS", "SECRET")
    assert values["service"] == {"type": "NodePort"}
    assert values["ingress"] == {"enabled": False}
    assert values["externalURL"] == "http://10.0.0.7:30080"
    assert values["router"]["extraEnvs"] == [{"name": "ROUTER__HTTP__AUTHORIZATION__COOKIE__SECURE", "value": "false"}]


def test_with_tls_the_cookie_stays_secure() -> None:
    values = gateway_values(Gateway(external_url="https://r.example.com"), settings(), SECRETS, "ACCESS", "SECRET")
    assert "router" not in values


def test_each_chart_gets_the_registry_token() -> None:
    secrets = Secrets("key", "secret", "a", "b", image_token="token")
    agent = agent_values(AGENT, settings(), secrets, "name", "ACCESS")
    gateway = gateway_values(Gateway(host_name="r.example.com"), settings(), secrets, "ACCESS", "SECRET")
    assert agent["imageCredentials"] == gateway["imageCredentials"] == {"password": "token"}
