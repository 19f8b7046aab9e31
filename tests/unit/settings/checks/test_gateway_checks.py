"""Several gateways of one tenant: what would make them get in each other's way, or in another tenant's, is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.asked import ACME, BETA, SECOND, TENANT, load_project, refusal, warnings_of

GATEWAY = "gateway: {hostName: router.acme.clearml.example.com}\n"
LAB = "lab.acme.clearml.example.com"
DELTA = "config/tenants/test/acme-gateway-x.yaml"


def _more(gateways: str) -> str:
    return f"{TENANT}gateways: {{{gateways}}}\n"


def _session(start: int, address: str = "10.0.0.7") -> str:
    return f"streamSession: {{routerAddress: {address}, portRange: {{start: {start}, end: {start + 99}}}}}"


REFUSED = {
    "a name that no object can have": (
        f"Lab: {{hostName: {LAB}}}",
        "gateways.Lab: 'Lab' is not the name of an agent or a gateway: ",
    ),
    "a name that makes the release too long": (
        f"{'l' * 21}: {{hostName: {LAB}}}",
        f"gateways.{'l' * 21}: '{'l' * 21}' is not the name of an agent or a gateway: ",
    ),
    "the other's host": (
        "lab: {hostName: router.acme.clearml.example.com}",
        "gateways.lab.hostName: 'router.acme.clearml.example.com' is already the gateway's host at gateway.hostName; ",
    ),
    "the same node port": (
        "a: {externalUrl: 'http://10.0.0.7:30080'}, b: {externalUrl: 'http://10.0.0.7:30080'}",
        "gateways.b.externalUrl: 'http://10.0.0.7:30080' is already the gateway's host at gateways.a.externalUrl; ",
    ),
    "no way in": ("lab: {}", "gateways.lab: needs either hostName (behind an ingress) or externalUrl"),
    "every host, and none to begin at": (
        f"lab: {{hostName: '*.{LAB}'}}",
        f"gateways.lab.hostName: '*.{LAB}' is no host that people could open; ",
    ),
    "an ingress that is not there": (
        "lab: {externalUrl: 'https://x.example', ingress: {className: nginx}}",
        "gateways.lab.ingress: goes with hostName, and this gateway has no ingress",
    ),
    "a port range that ends before it starts": (
        f"lab: {{hostName: {LAB}, streamSession: {{routerAddress: a.example, portRange: {{start: 9, end: 8}}}}}}",
        "gateways.lab.streamSession.portRange: starts at 9, after its end 8; ",
    ),
    "ports that meet": (
        f"a: {{hostName: a.acme.clearml.example.com, {_session(30100)}}}, "
        f"b: {{hostName: b.acme.clearml.example.com, {_session(30150)}}}",
        "gateways.b.streamSession.portRange: 30150-30249 meets 30100-30199 of gateways.a.streamSession.portRange at "
        "10.0.0.7; choose other ports",
    ),
    "one release for two": (
        f"lab: {{hostName: {LAB}, releaseName: acme-gateway}}",
        "gateways.lab.releaseName: 'acme-gateway' is already the release of gateway; ",
    ),
    "a value that the program sets": (
        f"lab: {{hostName: {LAB}, extraEnvs: [{{name: A, valueFrom: 1}}]}}",
        "gateways.lab.extraEnvs",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_gets_in_the_way_is_refused_at_its_own_key(tmp_path: Path, name: str) -> None:
    gateways, line = REFUSED[name]
    said = refusal(tmp_path, {ACME: _more(gateways)})
    assert said.startswith(f"{ACME}: acme: {line}")
    assert "\n" not in said


def test_a_gateway_needs_an_agent(tmp_path: Path) -> None:
    text = f"{SECOND}gateways: {{lab: {{hostName: {LAB}}}}}\n"
    assert refusal(tmp_path, {BETA: text}).startswith(f"{BETA}: beta: gateways.lab: needs an agent beside it")


def test_the_release_of_a_long_names_gateway_is_one_that_helm_takes(tmp_path: Path) -> None:
    name = "a" * 41
    text = f"{SECOND.replace('eta', 'elta')}agent: {{queues: {{q: {{}}}}}}\ngateways: {{lab1: {{hostName: {LAB}}}}}\n"
    line = f"gateways.lab1: its release '{name}-gateway-lab1' has over 53 characters; choose a shorter name"
    assert line in refusal(tmp_path, {f"config/tenants/test/{name}.yaml": text})


@pytest.mark.parametrize(("named", "delta"), [("x-agent", ""), ("x-gateway", "gateway: {hostName: g.delta.example}\n")])
def test_a_gateway_is_not_called_as_another_tenants_worker(tmp_path: Path, named: str, delta: str) -> None:
    """The keys of both would have one name too, which the engine refuses once the first is made."""
    files: dict[str, str | bytes] = {
        ACME: _more(f"{named}: {{hostName: {LAB}}}"),
        DELTA: f"{SECOND.replace('eta', 'elta')}agent: {{queues: {{q: {{}}}}}}\n{delta}",
    }
    assert refusal(tmp_path, files) == (
        f"{ACME}: acme: gateways.{named}: 'acme-gateway-{named}' is already a release of tenant acme-gateway-x; "
        "rename this gateway"
    )


def test_another_tenants_ports_are_its_own(tmp_path: Path) -> None:
    lab = f"lab: {{hostName: {LAB}, {_session(30100)}}}"
    beta = f"{SECOND}agent: {{queues: {{q: {{}}}}}}\ngateways: {{b: {{hostName: b.beta.example, {_session(30100)}}}}}\n"
    line = refusal(tmp_path, {ACME: _more(lab), BETA: beta})
    assert line.startswith(f"{BETA}: beta: gateways.b.streamSession.portRange: 30100-30199 meets 30100-30199 of tenant")


def test_what_fits_is_taken(tmp_path: Path) -> None:
    """Each way to reach one, side by side, and a name that only looks like a policy of another tenant's."""
    gateways = (
        f"lab: {{hostName: {LAB}, {_session(30100)}}}, "
        "any: {hostName: '*.any.acme.clearml.example.com', externalUrl: 'https://app.any.acme.clearml.example.com'}, "
        f"office: {{externalUrl: 'https://office.acme.example', serviceType: LoadBalancer, {_session(30200)}}}, "
        "node: {externalUrl: 'http://10.0.0.7:30080'}, other-node: {externalUrl: 'http://10.0.0.7:30081'}, "
        "x-default-deny: {externalUrl: 'https://route.acme.example', serviceType: ClusterIP}"
    )
    files: dict[str, str | bytes] = {ACME: _more(gateways), DELTA: SECOND.replace("eta", "elta")}
    acme = load_project(tmp_path, files).tenants[1]
    assert acme.name == "acme"
    assert acme.uses == (
        *("agent", "gateway", "gateway-lab", "gateway-any", "gateway-office", "gateway-node"),
        *("gateway-other-node", "gateway-x-default-deny"),
    )


def test_each_gateway_outside_the_cookies_domain_is_warned_of(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {ACME: _more("lab: {hostName: lab.elsewhere.example}")}
    warnings = warnings_of(tmp_path, files)
    (line,) = [each for each in warnings if "sign-in cookie" in each]
    assert line.startswith(f"{ACME}: acme: gateways.lab.hostName: 'lab.elsewhere.example' is outside")


def test_each_gateway_that_opens_ports_asks_which_addresses_are_pods(tmp_path: Path) -> None:
    gateways = "a: {externalUrl: 'http://10.0.0.7:30080'}, b: {hostName: b.acme.clearml.example.com}"
    warnings = warnings_of(tmp_path, {ACME: _more(gateways)})
    assert [each.split(": ")[2] for each in warnings if "opens ports to clients outside" in each] == ["gateways.a"]
