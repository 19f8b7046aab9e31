"""Agents and gateways of one or several tenants that would get in each other's way are refused."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from settings.checks.network.ports import check_shared_ports
from settings.facts import Facts
from settings.loading.load import load
from settings.models.tenant import Tenant
from tests.unit.asked import ACME, BETA, SECOND, STACK, STACK_FILE, TENANT, load_project, project, refusal

PER_TENANT = STACK.replace("cookieName:", "queueMode: per_tenant\n      cookieName:")
GATEWAY = "gateway: {hostName: router.acme.clearml.example.com}"


def _gateway(host: str, session: str) -> str:
    return f"gateway: {{hostName: {host}, streamSession: {{{session}}}}}\n"


def _two(first: str, second: str) -> dict[str, str | bytes]:
    """Both tenants with a stream session."""
    return {
        ACME: TENANT.replace(f"{GATEWAY}\n", _gateway("router.acme.clearml.example.com", first)),
        BETA: f"{SECOND}agent: {{queues: {{q: {{}}}}}}\n{_gateway('router.beta.clearml.example.com', second)}",
    }


def _session(address: str, kind: str, start: int, end: int) -> str:
    return f"routerAddress: {address}, serviceType: {kind}, portRange: {{start: {start}, end: {end}}}"


@pytest.mark.parametrize(
    ("second", "where"),
    [
        (_session("tcp.EXAMPLE.com", "LoadBalancer", 30150, 30300), "at tcp.EXAMPLE.com"),
        (_session("tcp.example.com", "NodePort", 30199, 30199), "at tcp.example.com"),
        (_session("tcp.example.com.", "LoadBalancer", 30199, 30199), "at tcp.example.com."),
        (_session("other.example.com", "NodePort", 30000, 30100), "as node ports of one cluster"),
    ],
)
def test_two_tenants_cannot_share_a_port(tmp_path: Path, second: str, where: str) -> None:
    line = refusal(tmp_path, _two(_session("tcp.example.com", "NodePort", 30100, 30199), second))
    assert line.startswith(f"{BETA}: beta: gateway.streamSession.portRange: ")
    assert line.endswith(f" meets 30100-30199 of tenant acme {where}; choose other ports")


@pytest.mark.parametrize(
    "second",
    [
        _session("tcp.example.com", "LoadBalancer", 30200, 30300),
        _session("other.example.com", "LoadBalancer", 30100, 30199),
    ],
)
def test_ports_beside_each_other_or_at_other_addresses_are_fine(tmp_path: Path, second: str) -> None:
    files = _two(_session("tcp.example.com", "LoadBalancer", 30100, 30199), second)
    assert len(load_project(tmp_path, files).tenants) == 2


def test_node_ports_of_different_clusters_are_different_ports(tmp_path: Path) -> None:
    files = _two(
        _session("a.example.com", "NodePort", 30100, 30199), _session("b.example.com", "NodePort", 30100, 30199)
    )
    files[BETA] = f"{files[BETA]!s}workers: {{kubeContext: elsewhere}}\n"
    files[STACK_FILE] = f"{STACK}    tenantRules: {{contexts: [elsewhere]}}\n"
    assert len(load_project(tmp_path, files).tenants) == 2


@pytest.mark.parametrize(
    ("first", "second"), [("2001:db8::7", "'2001:DB8:0:0::7'"), ("münchen.example", "xn--mnchen-3ya.example.")]
)
def test_an_address_is_the_same_however_it_is_written(tmp_path: Path, first: str, second: str) -> None:
    ports = [_session(address, "LoadBalancer", 30100, 30199) for address in (first, second)]
    assert "meets 30100-30199 of tenant acme at " in refusal(tmp_path, _two(*ports))


def test_one_node_port_is_not_the_address_of_two_gateways(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        ACME: TENANT.replace(GATEWAY, "gateway: {externalUrl: 'http://node.example:30080'}"),
        BETA: f"{SECOND}agent: {{queues: {{q: {{}}}}}}\ngateway: {{externalUrl: 'https://NODE.example:30080/'}}\n",
    }
    assert refusal(tmp_path, files) == (
        f"{BETA}: beta: gateway.externalUrl: 'https://NODE.example:30080' is already the gateway's host at "
        "gateway.externalUrl of tenant acme; keep it in one place"
    )
    files[BETA] = str(files[BETA]).replace("30080", "30081")
    assert len(load_project(tmp_path, files).tenants) == 2


def _crowd(number: int) -> list[Tenant]:
    """Tenants with two ports each at one address, in no order, of which the last meets one of the others."""
    ports = [1 + 2 * (each * 7919 % number) for each in range(number)]
    ports[-1] += 1 if ports[-1] < 2 * number - 1 else -1
    return [
        Tenant.model_validate(
            {
                "name": f"t{each}",
                "company": "Acme",
                "admin": {"name": "A", "email": "a@b.example"},
                "gateway": {
                    "stream_session": {
                        "router_address": "tcp.example.com",
                        "service_type": "LoadBalancer",
                        "port_range": {"start": start, "end": start + 1},
                    }
                },
            }
        )
        for each, start in enumerate(ports)
    ]


def test_the_ports_of_a_thousand_tenants_are_compared_in_no_time() -> None:
    """Each with all the others, it was 0.2 s of a thousand and 5.7 s of four."""
    tenants = _crowd(4001)
    before = process_time()
    said = list(check_shared_ports(Facts("test", None, tuple(tenants))))
    assert process_time() - before < 1
    assert [finding.where.tenant for finding in said] == ["t4000"]


def test_a_load_balancer_class_needs_a_chart_that_knows_it(tmp_path: Path) -> None:
    session = f"loadBalancerClass: x, {_session('tcp.example.com', 'LoadBalancer', 1, 9)}"
    gateway = _gateway("router.acme.clearml.example.com", session)
    files: dict[str, str | bytes] = {
        STACK_FILE: STACK.replace("{chart: ./gateway}", "{chart: 'oci://x/gateway', version: '3.0.5'}"),
        ACME: TENANT.replace(f"{GATEWAY}\n", gateway),
    }
    assert "is known to gateway charts from 3.0.6 on, and this is 3.0.5" in refusal(tmp_path, files)


def test_two_tenants_cannot_own_one_release(tmp_path: Path) -> None:
    """`acme` with an agent `x-agent`, and a tenant `acme-agent-x` with an unnamed one."""
    files: dict[str, str | bytes] = {
        ACME: TENANT.replace(GATEWAY, "agents: {x-agent: {queues: {x: {}}}}"),
        "config/tenants/test/acme-agent-x.yaml": f"{SECOND.replace('eta', 'elta')}agent: {{queues: {{q: {{}}}}}}\n",
    }
    assert refusal(tmp_path, files) == (
        f"{ACME}: acme: agents.x-agent: 'acme-agent-x-agent' is already a release of tenant acme-agent-x; "
        "rename this agent"
    )


def test_an_agent_is_not_called_as_another_tenants_gateway(tmp_path: Path) -> None:
    """The keys of both would have one name too, which the engine refuses once the first is made."""
    gateway = "agent: {queues: {q: {}}}\ngateway: {hostName: g.delta.example}\n"
    files: dict[str, str | bytes] = {
        ACME: TENANT.replace(GATEWAY, "agents: {x-gateway: {queues: {x: {}}}}"),
        "config/tenants/test/acme-agent-x.yaml": SECOND.replace("eta", "elta") + gateway,
    }
    assert refusal(tmp_path, files) == (
        f"{ACME}: acme: agents.x-gateway: 'acme-agent-x-gateway' is already a release of tenant acme-agent-x; "
        "rename this agent"
    )


def test_an_agents_release_has_a_name_that_helm_takes(tmp_path: Path) -> None:
    name = "a" * 41
    text = f"{SECOND.replace('eta', 'elta')}agents: {{longer: {{queues: {{q: {{}}}}}}}}\n"
    line = f"agents.longer: its release '{name}-agent-longer' has over 53 characters; choose a shorter name"
    assert line in refusal(tmp_path, {f"config/tenants/test/{name}.yaml": text})


@pytest.mark.parametrize(
    ("agents", "line"),
    [
        ("agents: {a: {queues: {x: {}}}, b: {queues: {y: {}}}}", "agents: one of them has to run the applications"),
        (
            "agents: {a: {queues: {x: {}}, appsQueue: {}}, b: {queues: {y: {}}, appsQueue: {}}}",
            "agents.b.appsQueue: is at agents.a and agents.b, and one agent runs the applications",
        ),
    ],
)
def test_one_agent_of_a_tenant_runs_its_applications(tmp_path: Path, agents: str, line: str) -> None:
    assert line in refusal(tmp_path, {STACK_FILE: PER_TENANT, BETA: f"{SECOND}{agents}\n"})


@pytest.mark.parametrize(
    ("agents", "chosen"),
    [
        ("agent: {queues: {x: {}}}", "agent"),
        ("agent: {queues: {x: {}}}\nagents: {a: {queues: {y: {}}}}", "agent"),
        ("agent: {queues: {x: {}}}\nagents: {a: {queues: {y: {}}, appsQueue: {}}}", "agent-a"),
        ("agents: {a: {queues: {y: {}}}}", "agent-a"),
    ],
)
def test_the_agent_that_runs_applications_is_the_one_asked_the_unnamed_or_the_only_one(
    tmp_path: Path, agents: str, chosen: str
) -> None:
    root = project(tmp_path, {STACK_FILE: PER_TENANT, BETA: f"{SECOND}{agents}\n"})
    assert load(root, "test").tenants[1].apps_agent == chosen
