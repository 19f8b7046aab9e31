"""Clusters with IPv6: a literal address may stand wherever a URL, a registry or a granted host stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.models.charts import Chart, Registry
from settings.models.server.sign_in.ldap import Ldap
from settings.models.tenant_rules import Grants
from settings.types.registries import is_listed, place_of_address, place_of_image
from settings.types.urls import Target, host_alone, host_of, host_with_port
from tests.field.reach.acme import cluster_of, loaded, server_url_warnings
from tests.unit.asked import ACME, STACK, STACK_FILE, TENANT, refusal
from tests.unit.components.isolation.network_policy import Peer

_TASK = Peer("task", "fd00:1::7", "acme")
_RANGES = "cluster: {pods: ['fd00:1::/64'], services: ['fd00:2::/108'], nodes: ['fd00:3::/64']}"


def _stack(more: str) -> str:
    return f"{STACK}    isolation: {{network: {{{_RANGES}}}}}\n    {more.strip()}\n"


@pytest.mark.parametrize(
    ("url", "address", "port"),
    [
        ("http://[fd00:2::1]:8008", "fd00:2::1", 8008),
        ("http://[FD00:0002:0::1]:8008/", "fd00:2::1", 8008),
        ("https://[2001:db8::7]/api", "2001:db8::7", 443),
        ("http://[::ffff:10.0.0.7]:30008", "10.0.0.7", 30008),
    ],
)
def test_workers_reach_the_server_by_it_and_a_policy_opens_the_way(
    tmp_path: Path, url: str, address: str, port: int
) -> None:
    environment = loaded(tmp_path, _stack(f"serverUrls: {{api: '{url}'}}"))
    assert environment.stack.urls_for().api == url.rstrip("/")
    cluster = cluster_of(environment)
    assert cluster.allows(_TASK, Peer("api", address), port)
    assert not cluster.allows(_TASK, Peer("api", address), port + 1)


def test_a_tenant_may_name_it_where_the_stack_s_file_grants_it(tmp_path: Path) -> None:
    tenant = f"{TENANT}serverUrls: {{files: 'http://[fd00:9::1]:9000'}}\n"
    line = refusal(tmp_path / "first", {STACK_FILE: _stack(""), ACME: tenant})
    assert "serverHosts: ['[fd00:9::1]:9000']" in line
    granted = "tenantRules: {tenants: {acme: {serverHosts: ['[FD00:9:0::1]:9000']}}}"
    loaded(tmp_path / "then", _stack(granted), tenant)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://fd00::1:8008", "an IPv6 address stands in brackets; write it like https://[fd00::1]:8443"),
        ("http://[fd00::g]:8008", "is not an address of the server"),
        ("http://[fd00::1]:99999", "is not an address of the server"),
        ("http://[fe80::1%25eth0]:8008", "is not an address of the server"),
        ("http://[::1]:8008", "is the worker's own pod or node"),
        ("http://[::]:8008", "is the worker's own pod or node"),
        ("http://0.0.0.0:8008", "is the worker's own pod or node"),
        ("http://[::ffff:127.0.0.1]:8008", "is the worker's own pod or node"),
        ("http://[fd00:ec2::254]", "is the worker's own pod or node"),
        ("http://[fd00:1::9]:8008", "is a pod's address"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(tmp_path: Path, url: str, said: str) -> None:
    line = refusal(tmp_path, {STACK_FILE: _stack(f"serverUrls: {{api: '{url}'}}")})
    assert line.startswith(f"{STACK_FILE}: clearml-tenants:stack.serverUrls.api: ")
    assert said in line


def test_without_tls_to_an_address_of_the_internet_is_still_told(tmp_path: Path) -> None:
    (warning,) = server_url_warnings(loaded(tmp_path, _stack("serverUrls: {api: 'http://[2001:db8::7]:8008'}")))
    assert "'2001:db8::7' without TLS sends workers' keys in the clear" in warning


def test_one_address_is_one_however_it_is_written() -> None:
    assert host_of("https://[FD00:0::1]:8443") == "[fd00::1]:8443"
    assert host_of("https://[fd00::1]:443") == "[fd00::1]"
    assert host_alone("https://[FD00:0::1]:8443") == "fd00::1"
    assert host_with_port("s3://[FD00::1]:9000/bucket") == "[fd00::1]:9000"
    assert Target.of("http://[fd00::1]:8008") == Target("http", "fd00::1", 8008)
    grants = Grants.model_validate({"serverHosts": ["[FD00:0::1]:8443"]})
    assert grants.server_hosts == ("[fd00::1]:8443",)


def test_a_registry_and_its_images_are_one_place() -> None:
    place = place_of_address("oci://[FD00::5]:5000/clearml")
    assert place == "[fd00::5]:5000/clearml"
    assert place_of_image("[fd00:0::5]:5000/clearml/agent:1.2") == f"{place}/agent"
    assert is_listed(f"{place}/agent", [place])
    chart = Chart.model_validate({"chart": "oci://[fd00::5]:5000/clearml/clearml-enterprise", "version": "11.0.2"})
    assert chart.host == "[fd00::5]:5000"
    registry = Registry.model_validate({"host": "[fd00::5]:5000", "username": "robot"})
    assert registry.host == "[fd00::5]:5000"


@pytest.mark.parametrize("server", ["ldaps://[fd00::6]", "ldap://[fd00::6]:389"])
def test_a_directory_may_be_asked_by_it(server: str) -> None:
    assert Ldap.model_validate({"server": server, "baseDn": "dc=x", "bindDn": "cn=y"}).server == server
