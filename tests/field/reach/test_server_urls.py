"""Where agents and gateways reach the server: real agents' files name Services, plain http, other ports and paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.value_conflicts import load as load_with_values
from components.values.agent import agent_values
from components.values.gateway import gateway_values
from components.values.policies import policies
from settings.errors import ConfigurationError
from settings.models.workers.agent import Agent, Queue
from settings.models.workers.gateway import Gateway
from settings.types.naming import EVERY_POD
from tests.field.reach.acme import cluster_of, loaded, server_url_warnings
from tests.local.helm import AGENT, GATEWAY, render
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, project, refusal
from tests.unit.components.isolation.network_policy import Peer

SERVICE = "http://clearml-enterprise-apiserver.clearml.svc:8008"
ALL_SERVICES = f"""
      serverUrls:
        api: {SERVICE}
        app: http://clearml-enterprise-webserver.clearml.svc:8080
        files: http://clearml-enterprise-fileserver.clearml.svc:8081
"""
URLS = [
    SERVICE,
    "http://clearml-enterprise-apiserver.clearml.svc.cluster.local:8008",
    "http://api.clearml.example.com",
    "https://api.clearml.example.com:8443",
    "https://clearml.example.com/api",
    "http://10.0.0.7:30008",
    "http://192.168.7.21",
]
_TASK = Peer("task", "10.244.1.1", "acme")
_API = Peer("apiserver", "10.244.4.2", "clearml")
_MONGO = Peer("mongo", "10.244.4.5", "clearml")
_CONTROLLER = Peer("controller", "10.244.6.1", "ingress-nginx", {"app.kubernetes.io/name": "ingress-nginx"})


def _stack(more: str, network: str = "") -> str:
    known = "cluster: {pods: [10.244.0.0/16], services: [10.96.0.0/12], nodes: [192.168.7.0/24]}"
    return f"{STACK}    isolation: {{network: {{{known}{network}}}}}\n    {more.strip()}\n"


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("where", ["stack", "tenant"])
def test_agent_and_gateway_are_told_it_and_the_charts_take_it(tmp_path: Path, where: str, url: str) -> None:
    """The tenant's own wins over the stack's; the stack's word is what lets it."""
    line = f"serverUrls: {{api: '{url}'}}"
    own = f"{TENANT}{line}\n" if where == "tenant" else TENANT
    environment = loaded(tmp_path, _stack(line), own)
    stack, tenant = environment.stack, environment.tenants[0]
    urls = stack.urls_for(tenant.server_urls)
    assert (urls.api, urls.app, urls.files) == (url, "https://app.clearml.example.com", stack.files_url)
    agent = agent_values(Agent(queues={"q": Queue()}), stack, "s", "k", runs_applications=False, urls=urls)
    gateway = gateway_values(Gateway(host_name="router.clearml.example.com"), stack, "k", "s", urls=urls)
    assert agent["agentk8sglue"]["apiServerUrlReference"] == url
    assert gateway["clearml"]["apiServerUrlReference"] == url
    assert gateway["clearml"]["authCookieName"] == stack.server.cookie_name
    assert url in str(render(AGENT, _plain(agent)))
    assert url in str(render(GATEWAY, _plain(gateway)))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Without what only a run knows."""
    return {key: value for key, value in values.items() if not key.endswith("PullSecrets")}


def test_a_tenant_changes_one_part_and_keeps_the_others(tmp_path: Path) -> None:
    tenant = f"{TENANT}serverUrls: {{files: 'https://files2.clearml.example.com/acme'}}\n"
    environment = loaded(tmp_path, _stack(ALL_SERVICES), tenant)
    urls = environment.stack.urls_for(environment.tenants[0].server_urls)
    assert (urls.api, urls.files) == (SERVICE, "https://files2.clearml.example.com/acme")


def test_without_it_nothing_is_other_than_before(tmp_path: Path) -> None:
    environment = loaded(tmp_path, STACK)
    stack = environment.stack
    assert stack.urls_for() == stack.urls_for(environment.tenants[0].server_urls)
    why = policies(environment.tenants[0], stack).reasons[EVERY_POD].splitlines()
    number = sum(line.endswith(": clearml") for line in why)
    rules = policies(environment.tenants[0], stack).specs[EVERY_POD]["egress"][-number:]
    ports = [[each["port"] for each in rule["ports"]] for rule in rules]
    assert ports == [[8008, 8080, 8081], [80, 443]]


def test_policies_follow_to_services_alone(tmp_path: Path) -> None:
    cluster = cluster_of(loaded(tmp_path, _stack(ALL_SERVICES)))
    assert cluster.allows(_TASK, _API, 8008)
    assert cluster.allows(_TASK, _API, 80), "where the public chart's web server listens, behind its Service's 8080"
    assert not cluster.allows(_TASK, _CONTROLLER, 443)
    assert not cluster.allows(_TASK, _MONGO, 27017)
    assert not cluster.allows(_TASK, Peer("out", "203.0.113.10"), 443)


@pytest.mark.parametrize(
    ("more", "network", "target", "port"),
    [
        (f"serverUrls: {{api: '{SERVICE}'}}", "", _CONTROLLER, 443),
        ("serverUrls: {api: 'http://api.tools.svc:9000'}", "", Peer("proxy", "10.244.7.1", "tools"), 9000),
        ("serverUrls: {api: 'http://10.100.0.7:9008'}", "", Peer("service", "10.100.0.7"), 9008),
        ("serverUrls: {api: 'http://192.168.7.21:30008'}", "", Peer("node", "192.168.7.21"), 30008),
        (
            "serverUrls: {api: 'https://api.clearml.example.com:8443'}",
            ", serverAddresses: [{cidr: 203.0.113.10/32, ports: [8443]}]",
            Peer("balancer", "203.0.113.10"),
            8443,
        ),
        (
            "workers: {kubeContext: kind-gpu}\n    serverUrls: {api: 'https://api.clearml.example.com:8443'}",
            "",
            Peer("out", "203.0.113.10"),
            8443,
        ),
    ],
)
def test_policies_follow_to_what_is_named(tmp_path: Path, more: str, network: str, target: Peer, port: int) -> None:
    assert cluster_of(loaded(tmp_path, _stack(more, network))).allows(_TASK, target, port)
    assert not cluster_of(loaded(tmp_path / "before", _stack(""))).allows(_TASK, target, port) or port == 443


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("api.clearml.example.com", "is not an address of the server"),
        ("https://api.clearml.example.com?x=1", "is not an address of the server"),
        ("https://me:pw@api.clearml.example.com", "holds a login"),
        ("s3://bucket", "is not an address of the server"),
        ("http://localhost:8008", "is the worker's own pod or node"),
        ("http://127.0.0.1:8008", "is the worker's own pod or node"),
        ("http://clearml-apiserver:8008", "like clearml-apiserver.clearml.svc"),
        ("http://clearml-apiserver.clearml:8008", "is a Service without .svc, which passes for a host outside"),
        ("http://api.beta.svc:8008", "is in the namespace of tenant beta"),
        ("http://10.244.4.2:8008", "is a pod's address"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(tmp_path: Path, url: str, said: str) -> None:
    line = refusal(tmp_path, {STACK_FILE: _stack(f"serverUrls: {{api: '{url}'}}")})
    assert line.startswith(f"{STACK_FILE}: clearml-tenants:stack.serverUrls.api: ")
    assert said in line
    assert "pw@" not in line
    assert "\n" not in line


def test_the_address_that_is_proposed_is_of_the_stack_s_own_release(tmp_path: Path) -> None:
    stack = _stack("serverUrls: {api: 'http://localhost:8008'}").replace(
        "    server:\n", "    server:\n      release: ours\n"
    )
    assert "release: ours" in stack
    line = refusal(tmp_path, {STACK_FILE: stack})
    assert "like http://ours-apiserver.clearml.svc:8008" in line


DOUBTFUL = [
    ("", "serverUrls: {api: 'http://api.clearml.example.com'}", "in the clear"),
    ("", "serverUrls: {app: 'https://clearml.other.example'}", "is not signed in"),
    ("", "serverUrls: {api: 'https://api.clearml.example.com:8443'}", "serverAddresses"),
    ("workers: {kubeContext: kind-gpu}\n    ", f"serverUrls: {{api: '{SERVICE}'}}", "another than the server's"),
    ("", "serverUrls: {files: 'http://files.other.example'}", "in the clear"),
    ("", "serverUrls: {api: 'http://api.tools.svc'}", "list it in isolation.network.allow, like {namespace: tools"),
    ("", "serverUrls: {files: 'http://files.tools.svc:80'}", "network policies count the port of its pods"),
    ("", "serverUrls: {api: 'https://api.tools.svc.cluster.local'}", "is a Service at port 443"),
]
AT_PORT_80 = [
    ("http://clearml-enterprise-apiserver.clearml.svc", "", _API, 8008),
    ("http://clearml-enterprise-apiserver.clearml.svc", "", _API, 80),
    ("http://ingress-nginx-controller.ingress-nginx.svc", "", _CONTROLLER, 80),
    ("http://api.tools.svc:9000", "", Peer("proxy", "10.244.7.1", "tools"), 9000),
    (
        "http://api.tools.svc",
        ", allow: [{namespace: tools, ports: [9000]}]",
        Peer("proxy", "10.244.7.1", "tools"),
        9000,
    ),
]


@pytest.mark.parametrize(("beside", "line", "said"), DOUBTFUL)
def test_what_somebody_may_not_have_thought_of_is_a_warning(tmp_path: Path, beside: str, line: str, said: str) -> None:
    (warning,) = server_url_warnings(loaded(tmp_path, _stack(beside + line)))
    assert said in warning


@pytest.mark.parametrize(("url", "network", "target", "port"), AT_PORT_80)
def test_a_service_whose_pods_are_reached_warns_of_nothing(
    tmp_path: Path, url: str, network: str, target: Peer, port: int
) -> None:
    environment = loaded(tmp_path, _stack(f"serverUrls: {{api: '{url}'}}", network))
    assert server_url_warnings(environment) == []
    assert cluster_of(environment).allows(_TASK, target, port)


@pytest.mark.parametrize("line", [ALL_SERVICES, "serverUrls: {api: 'https://clearml.example.com/api'}"])
def test_what_is_right_warns_of_nothing(tmp_path: Path, line: str) -> None:
    assert server_url_warnings(loaded(tmp_path, _stack(line))) == []


def test_free_values_are_told_which_setting_it_is(tmp_path: Path) -> None:
    tenant = yaml.safe_load(TENANT)
    tenant["agent"]["extraValues"] = {"agentk8sglue": {"apiServerUrlReference": SERVICE}}
    with pytest.raises(ConfigurationError) as error:
        load_with_values(project(tmp_path, {ACME: yaml.safe_dump(tenant)}), "test")
    assert "write serverUrls: {api: …} in this file or the stack's" in str(error.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://localhost:8081", "is the worker's own pod or node to a worker"),
        ("http://minio:9000", "leads nowhere from a tenant's namespace"),
        ("http://files.beta.svc:9000", "is in the namespace of tenant beta"),
        ("https://169.254.169.254", "is the worker's own pod or node"),
    ],
)
def test_files_elsewhere_lead_somewhere_too(tmp_path: Path, url: str, said: str) -> None:
    stack = STACK.replace("    server:\n", f"    server:\n      fileserver: {{externalUrl: '{url}'}}\n")
    line = refusal(tmp_path, {STACK_FILE: stack})
    assert line.startswith(f"{STACK_FILE}: clearml-tenants:stack.server.fileserver.externalUrl: ")
    assert said in line


@pytest.mark.parametrize(
    ("part", "like"), [("app", "webserver.clearml.svc:8080"), ("files", "fileserver.clearml.svc:8081")]
)
def test_the_address_that_is_proposed_is_of_that_part(tmp_path: Path, part: str, like: str) -> None:
    line = refusal(tmp_path, {STACK_FILE: _stack(f"serverUrls: {{{part}: 'http://localhost:1'}}")})
    assert f"like http://clearml-enterprise-{like}" in line


def test_a_range_with_bits_beyond_its_length_is_told_which_one_it_is_in(tmp_path: Path) -> None:
    stack = STACK + "    isolation: {network: {allow: [{cidr: 203.0.113.9/24, ports: [443]}]}}\n"
    assert "no bits beyond its length); write it like 203.0.113.0/24" in refusal(tmp_path, {STACK_FILE: stack})
