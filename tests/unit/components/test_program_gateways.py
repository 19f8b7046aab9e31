"""A tenant with several gateways: each has a release, a key and a policy of its own, and one file says all of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pulumi
import pytest
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

from tests.unit.asked import TENANT
from tests.unit.deployment import Monitor, finished, inputs, project_with, run_program, start

RELEASE = "kubernetes:helm.sh/v3:Release"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
CREDENTIALS = "pulumi-python:dynamic/clearml:Credentials"
# What is told of all that a file says.
TOLD_OF_ALL = ("pulumi:pulumi:Stack", "clearml:tenant:Tenant", "pulumi-python:dynamic/clearml:Departures")
LAB = "lab.acme.clearml.example.com"
TWO = f"{TENANT}gateways:\n  lab: {{hostName: {LAB}, keyGeneration: 2}}\n"


def _deployed(root: Path, text: str) -> Monitor:
    monitor = start()
    finished(partial(run_program, project_with(root, {"acme": text})))
    return monitor


@pytest.fixture
def deployed(tmp_path: Path) -> Monitor:
    return _deployed(tmp_path, TWO)


def test_each_gateway_has_a_release_with_its_own_host_and_key(deployed: Monitor) -> None:
    labels = {each.name: inputs(each)["label"] for each in deployed.of_type(CREDENTIALS) if "gateway" in each.name}
    assert labels == {
        "acme-gateway-1": "local/acme/gateway/1",
        "acme-gateway-lab-2": "local/acme/gateway-lab/2",
    }
    for name, host, key in (
        ("acme-gateway", "router.acme.clearml.example.com", "acme-gateway-1"),
        ("acme-gateway-lab", LAB, "acme-gateway-lab-2"),
    ):
        release = inputs(deployed.one(RELEASE, name))
        assert (release["name"], release["namespace"]) == (name, "acme")
        assert release["values"]["ingress"] == {"enabled": True, "hostName": host}
        assert release["values"]["clearml"]["apiKey"] == f"access of {key}"
        assert release["values"]["clearml"]["apiSecret"] == f"secret of {key}"


def test_each_policy_selects_the_pods_of_one_gateway(deployed: Monitor) -> None:
    """By names that no other tenant's policies have, however people call gateways and tenants."""
    found = {each.name: inputs(each) for each in deployed.of_type(POLICY) if "gateway" in each.name}
    assert {name: each["metadata"]["name"] for name, each in found.items()} == {
        "acme-gateway": "gateway",
        "acme/gateway-lab": "gateway-lab",
    }
    for name, release in (("acme-gateway", "acme-gateway"), ("acme/gateway-lab", "acme-gateway-lab")):
        (label,) = found[name]["spec"]["podSelector"]["matchExpressions"]
        assert label == {"key": "app.kubernetes.io/instance", "operator": "In", "values": [release]}


def test_a_gateway_goes_before_its_key(deployed: Monitor) -> None:
    """What depends on something is removed before it."""
    release = deployed.one(RELEASE, "acme-gateway-lab")
    assert any(urn.endswith("::acme-gateway-lab-2") for urn in release.dependencies)


def test_a_second_gateway_changes_nothing_of_the_first(tmp_path: Path) -> None:
    """As a state has it that knows one gateway alone."""

    def told(monitor: Monitor) -> dict[tuple[str, str], dict[str, object]]:
        """By parent and name; without what is told of the whole run."""
        kinds = [each for each in monitor.registered if each.type not in TOLD_OF_ALL and "lab" not in each.name]
        return {(f"{each.parent}${each.type}", each.name): {**inputs(each), "intent": None} for each in kinds}

    assert told(_deployed(tmp_path / "two", TWO)) == told(_deployed(tmp_path / "one", TENANT))


def _outputs(root: Path, text: str) -> dict[str, object]:
    _deployed(root, text)
    stack, found = get_root_resource(), dict[str, object]()
    assert isinstance(stack, Stack)
    finished(lambda: pulumi.Output.from_input(dict(stack.outputs)).apply(lambda told: found.update(told["tenants"])))
    acme = found["acme"]
    assert isinstance(acme, dict)
    return acme


def test_outputs_name_every_gateway(tmp_path: Path) -> None:
    acme = _outputs(tmp_path, TWO)
    assert acme["gateway"] == "https://router.acme.clearml.example.com"
    assert acme["gateways"] == {"lab": f"https://{LAB}"}
    assert isinstance(acme["releases"], dict)
    assert list(acme["releases"]) == ["agent", "gateway", "gateway-lab"]


def test_outputs_of_a_tenant_with_one_gateway_are_as_they_were(tmp_path: Path) -> None:
    """Another key would be a change of every stack that there is."""
    assert "gateways" not in _outputs(tmp_path, TENANT)


def test_gateways_need_no_unnamed_one(tmp_path: Path) -> None:
    text = TWO.replace("gateway: {hostName: router.acme.clearml.example.com}\n", "")
    monitor = _deployed(tmp_path, text)
    assert [each.name for each in monitor.of_type(RELEASE) if "gateway" in each.name] == ["acme-gateway-lab"]
