"""The stand-in charts take every value that public pages name, and refuse a misspelt one before they deploy."""

from __future__ import annotations

import pytest

from tests.local.documented_values import EVERY_AGENT_VALUE, EVERY_GATEWAY_VALUE, EVERY_SERVER_VALUE
from tests.local.helm import AGENT, CHARTS, GATEWAY, SERVER, Values, helm, refusal, render


@pytest.mark.parametrize("chart", [SERVER, AGENT, GATEWAY])
def test_helm_lint_finds_nothing(chart: str) -> None:
    code, said = helm("lint", "--strict", str(CHARTS / chart))
    assert code == 0, said
    assert "[WARNING]" not in said


@pytest.mark.parametrize(
    ("chart", "values"),
    [(SERVER, EVERY_SERVER_VALUE), (AGENT, EVERY_AGENT_VALUE), (GATEWAY, EVERY_GATEWAY_VALUE)],
    ids=[SERVER, AGENT, GATEWAY],
)
def test_every_documented_value_is_taken(chart: str, values: Values) -> None:
    assert render(chart, values)


MISSPELT: list[tuple[str, Values, str]] = [
    (SERVER, {"apiServer": {}}, "apiServer"),
    (SERVER, {"apiserver": {"extraEnv": []}}, "extraEnv"),
    (SERVER, {"apiserver": {"ingress": {"hostname": "x"}}}, "hostname"),
    (SERVER, {"apiserver": {"ingress": {"className": "x"}}}, "className"),
    (SERVER, {"apiserver": {"service": {"Type": "ClusterIP"}}}, "Type"),
    (SERVER, {"apiserver": {"replicas": 2}}, "replicas"),
    (SERVER, {"apiserver": {"image": {"name": "x"}}}, "name"),
    (SERVER, {"fileserver": {"nodeselector": {}}}, "nodeselector"),
    (SERVER, {"webserver": {"volumes": []}}, "volumes"),
    (SERVER, {"mckMongodb": {"resources": {}}}, "resources"),
    (SERVER, {"clearml": {"apiServerKey": "x"}}, "apiServerKey"),
    (SERVER, {"clearml": {"existingSecrets": "x"}}, "existingSecrets"),
    (SERVER, {"clearml": {"cookiename": "x"}}, "cookiename"),
    (SERVER, {"clearmlApplication": {}}, "clearmlApplication"),
    (SERVER, {"clearmlApplications": {"queuemode": "global"}}, "queuemode"),
    (SERVER, {"webserver": {"displayedServerUrls": {}}}, "displayedServerUrls"),
    (SERVER, {"webserver": {"additionalConfig": {}}}, "additionalConfig"),
    (SERVER, {"imageCredentials": {"enable": True}}, "enable"),
    (SERVER, {"imageCredentials": {"token": "x"}}, "token"),
    (SERVER, {"externalServices": {"redisPassword": "x"}}, "redisPassword"),
    (AGENT, {"agentK8sGlue": {}}, "agentK8sGlue"),
    (AGENT, {"agentk8sglue": {"toleration": []}}, "toleration"),
    (AGENT, {"agentk8sglue": {"podLabels": {}}}, "podLabels"),
    (AGENT, {"agentk8sglue": {"queue": "default"}}, "queue"),
    (AGENT, {"agentk8sglue": {"createQueueIfNotExists": True}}, "createQueueIfNotExists"),
    (AGENT, {"agentk8sglue": {"appsQueues": {}}}, "appsQueues"),
    (AGENT, {"agentk8sglue": {"appsQueue": {"enable": True}}}, "enable"),
    (AGENT, {"agentk8sglue": {"queues": {"gpu": {"settings": {}}}}}, "settings"),
    (AGENT, {"agentk8sglue": {"queues": {"gpu": {"queueSettings": {"maxpods": 1}}}}}, "maxpods"),
    (AGENT, {"agentk8sglue": {"apiServerUrl": "https://x"}}, "apiServerUrl"),
    (AGENT, {"clearml": {"existingSecret": "x"}}, "existingSecret"),
    (AGENT, {"clearml": {"apiKey": "x"}}, "apiKey"),
    (AGENT, {"existingAgentk8sglueSecret": "x"}, "existingAgentk8sglueSecret"),
    (GATEWAY, {"clearml": {"agentk8sglueKey": "x"}}, "agentk8sglueKey"),
    (GATEWAY, {"clearml": {"existingSecret": "x"}}, "existingSecret"),
    (GATEWAY, {"tcpSession": {}}, "tcpSession"),
    (GATEWAY, {"streamSession": {"portRange": {"from": 1}}}, "from"),
    (GATEWAY, {"streamSession": {"address": "x"}}, "address"),
    (GATEWAY, {"ingress": {"ingressClassName": "x"}}, "ingressClassName"),
    (GATEWAY, {"externalUrl": "https://x"}, "externalUrl"),
    (GATEWAY, {"proxy": {"autoreloadConfig": True}}, "autoreloadConfig"),
]


@pytest.mark.parametrize(("chart", "values", "key"), MISSPELT, ids=[f"{chart}-{key}" for chart, _, key in MISSPELT])
def test_a_key_that_no_page_names_is_refused_by_name(chart: str, values: Values, key: str) -> None:
    assert f"additional properties '{key}' not allowed" in refusal(chart, values)


MISTYPED: list[tuple[str, Values, str]] = [
    (SERVER, {"clearmlApplications": {"queueMode": "per-tenant"}}, "/clearmlApplications/queueMode"),
    (SERVER, {"clearmlApplications": {"enabled": "true"}}, "/clearmlApplications/enabled"),
    (SERVER, {"apiserver": {"extraEnvs": {"A": "1"}}}, "/apiserver/extraEnvs"),
    (SERVER, {"apiserver": {"extraEnvs": [{"name": "A", "value": True}]}}, "/apiserver/extraEnvs/0/value"),
    (SERVER, {"apiserver": {"extraEnvs": [{"value": "nameless"}]}}, "/apiserver/extraEnvs/0"),
    (SERVER, {"apiserver": {"service": {"type": "clusterip"}}}, "/apiserver/service/type"),
    (SERVER, {"externalServices": {"redisPort": "6379"}}, "/externalServices/redisPort"),
    (SERVER, {"webserver": {"tolerations": {}}}, "/webserver/tolerations"),
    (SERVER, {"redis": []}, "/redis"),
    (AGENT, {"agentk8sglue": {"nodeSelector": {"gpu": True}}}, "/agentk8sglue/nodeSelector/gpu"),
    (AGENT, {"agentk8sglue": {"queues": ["default"]}}, "/agentk8sglue/queues"),
    (AGENT, {"agentk8sglue": {"apiServerUrlReference": "api.example.com"}}, "/agentk8sglue/apiServerUrlReference"),
    (GATEWAY, {"streamSession": {"portRange": {"start": "30000"}}}, "/streamSession/portRange/start"),
]


@pytest.mark.parametrize(("chart", "values", "where"), MISTYPED, ids=[where for _, _, where in MISTYPED])
def test_a_value_of_another_kind_is_refused_with_its_place(chart: str, values: Values, where: str) -> None:
    assert f"at '{where}'" in refusal(chart, values)


MISSING: list[tuple[str, Values, str]] = [
    (SERVER, {"apiserver": {"ingress": {"enabled": True}}}, "apiserver.ingress.hostName: give"),
    (AGENT, {"clearml": {"agentk8sglueSecret": ""}}, "clearml: give agentk8sglueKey and agentk8sglueSecret, or"),
    (AGENT, {"agentk8sglue": {"apiServerUrlReference": ""}}, "agentk8sglue.apiServerUrlReference: give"),
    (AGENT, {"agentk8sglue": {"webServerUrlReference": ""}}, "agentk8sglue.webServerUrlReference: give"),
    (GATEWAY, {"clearml": {"apiKey": ""}}, "clearml.apiKey: give"),
    (GATEWAY, {"clearml": {"apiSecret": ""}}, "clearml.apiSecret: give"),
    (GATEWAY, {"clearml": {"apiServerUrlReference": ""}}, "clearml.apiServerUrlReference: give"),
    (GATEWAY, {"clearml": {"authCookieName": ""}}, "clearml.authCookieName: give"),
    (GATEWAY, {"ingress": {"enabled": True}}, "ingress.hostName: give"),
    (GATEWAY, {"ingress": {"enabled": True, "hostName": "a", "hostname": "b"}}, "hostName and hostname differ"),
    (GATEWAY, {"streamSession": {"routerAddress": "x"}}, "streamSession.portRange: give start and end"),
    (
        GATEWAY,
        {"streamSession": {"routerAddress": "x", "portRange": {"start": 30005, "end": 30001}}},
        "start 30005 is after end 30001",
    ),
    (
        GATEWAY,
        {"streamSession": {"routerAddress": "x", "portRange": {"start": 8000, "end": 8005}}},
        "8000-8005 is outside the node ports",
    ),
]


@pytest.mark.parametrize(("chart", "values", "said"), MISSING, ids=[said for _, _, said in MISSING])
def test_a_missing_or_impossible_value_is_said_in_words(chart: str, values: Values, said: str) -> None:
    assert said in refusal(chart, values)
