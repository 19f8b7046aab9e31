"""What the program registers for the local stack, all of it wired; its keys and secrets: test_program_secrets.py."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

from settings.facts import stack_file_of
from tests.unit.asked import TENANT
from tests.unit.deployment import ROOT, Monitor, finished, inputs, project_with, run_program, start

RELEASE = "kubernetes:helm.sh/v3:Release"
SECRET = "kubernetes:core/v1:Secret"
NAMESPACE = "kubernetes:core/v1:Namespace"
DYNAMIC = "pulumi-python:dynamic/clearml:"


@pytest.fixture
def deployed() -> Monitor:
    monitor = start()
    finished(run_program)
    return monitor


def test_nothing_in_the_cluster_goes_through_a_default_provider(deployed: Monitor) -> None:
    in_cluster = [request for request in deployed.registered if request.type.startswith("kubernetes:")]
    assert len(in_cluster) == 12
    assert {request.provider.split("::")[-2] for request in in_cluster} == {"kubernetes"}
    assert all("pulumi:providers:kubernetes" in request.provider for request in in_cluster)


def test_the_provider_uses_the_stacks_own_context(deployed: Monitor) -> None:
    (provider,) = deployed.of_type("pulumi:providers:kubernetes")
    assert inputs(provider)["context"] == "kwok-clearml-tenants"


def test_a_renamed_context_or_new_credentials_replace_nothing(deployed: Monitor) -> None:
    (provider,) = deployed.of_type("pulumi:providers:kubernetes")
    assert inputs(provider)["clusterIdentifier"] == "local"
    assert inputs(provider)["enableSecretMutable"] == "true"


def test_the_company_waits_for_the_server(deployed: Monitor) -> None:
    company = deployed.one(f"{DYNAMIC}Company", "acme")
    assert any(urn.endswith("::clearml-enterprise") for urn in company.dependencies)


@pytest.mark.parametrize("said", [None, False])
def test_the_server_and_its_namespace_are_protected_unless_the_stack_says_otherwise(
    tmp_path: Path, said: bool | None
) -> None:
    """Another name in the stack's file would remove the old ones, and with them what every tenant has stored."""
    root = project_with(tmp_path, {"acme": (ROOT / "config/tenants/local/acme.yaml").read_text()})
    file = root / stack_file_of("local")
    written = yaml.safe_load(file.read_text())
    settings = written["config"]["clearml-tenants:stack"]
    settings["server"] = {key: value for key, value in settings["server"].items() if key != "protect"}
    settings["server"] |= {} if said is None else {"protect": said}
    file.write_text(yaml.safe_dump(written))
    monitor = start({"clearml-tenants:stack": json.dumps(settings)})
    finished(lambda: run_program(root))
    for token, name in ((NAMESPACE, "clearml"), (RELEASE, "clearml-enterprise")):
        assert monitor.one(token, name).protect is (said is None)
    assert not monitor.one(RELEASE, "acme-agent").protect


@pytest.mark.parametrize(("line", "protect"), [("", True), ("protect: true\n", True), ("protect: false\n", False)])
def test_a_company_is_protected_unless_its_file_says_otherwise(tmp_path: Path, line: str, protect: bool) -> None:
    monitor = start()
    finished(lambda: run_program(project_with(tmp_path, {"acme": f"{TENANT}{line}"})))
    assert monitor.one(f"{DYNAMIC}Company", "acme").protect is protect


@pytest.mark.parametrize(
    ("line", "removal"), [("", None), ("onRemove: keep\n", None), ("onRemove: delete\n", "delete")]
)
def test_a_companys_file_says_what_becomes_of_it(tmp_path: Path, line: str, removal: str | None) -> None:
    monitor = start()
    finished(lambda: run_program(project_with(tmp_path, {"acme": f"{TENANT}{line}"})))
    assert inputs(monitor.one(f"{DYNAMIC}Company", "acme")).get("on_remove") == removal


@pytest.mark.parametrize("name", ["acme-agent", "acme-gateway", "acme-domains", "acme-users", "acme-features"])
def test_a_company_goes_after_all_that_uses_it(deployed: Monitor, name: str) -> None:
    """The engine removes first what depends on something else; an agent that still runs would keep the company."""
    needed = {request.name: _names(request.dependencies) for request in deployed.registered}
    reached, found = {name}, set[str]()
    while reached:
        found |= reached
        reached = {each for known in reached for each in needed[known]} - found
    assert "acme" in found


def _names(urns: Iterable[str]) -> set[str]:
    """Names of the tenant's own; its namespace and its company are both called as the file."""
    return {urn.rpartition("::")[2] for urn in urns if "core/v1:Namespace" not in urn}


def test_the_tenants_life_hangs_together(deployed: Monitor) -> None:
    assert inputs(deployed.one(f"{DYNAMIC}AdminUser", "acme-admin"))["company_id"] == "c0ffee"
    for kind, name in (
        ("Credentials", "acme-agent-1"),
        ("Credentials", "acme-gateway-1"),
        ("Domains", "acme-domains"),
        ("WhitelistEntries", "acme-admins"),
        ("WhitelistEntries", "acme-users"),
    ):
        assert inputs(deployed.one(f"{DYNAMIC}{kind}", name))["user_id"] == "a0"


def test_what_every_tenant_declares_is_known_where_departures_are_found(deployed: Monitor) -> None:
    assert inputs(deployed.one(f"{DYNAMIC}Departures", "departures"))["tenants"] == {
        "admin@acme.example": {
            "tenant": "acme",
            "protect": False,
            "domains": {"acme.example": ""},
            "entries": {
                "ann@partner.example": "admin",
                "bob@partner.example": "user",
                "cleo@partner.example": "user",
            },
        }
    }


def test_releases_are_where_and_from_what_the_settings_say(deployed: Monitor) -> None:
    asked = {request.name: inputs(request) for request in deployed.of_type(RELEASE)}
    assert {name: (each["namespace"], each["chart"]) for name, each in asked.items()} == {
        "clearml-enterprise": ("clearml", "./local/charts/clearml-enterprise"),
        "acme-agent": ("acme", "./local/charts/clearml-enterprise-agent"),
        "acme-gateway": ("acme", "./local/charts/clearml-enterprise-app-gateway"),
    }
    assert all(each["name"] == name for name, each in asked.items())


def test_a_tenants_namespace_is_recognisable(deployed: Monitor) -> None:
    labels = inputs(deployed.one(NAMESPACE, "acme"))["metadata"]["labels"]
    assert labels == {
        "app.kubernetes.io/managed-by": "clearml-tenants",
        "clearml-tenants/stack": "local",
        "clearml-tenants/tenant": "acme",
        **{f"pod-security.kubernetes.io/{mode}": "baseline" for mode in ("enforce", "warn", "audit")},
    }


def test_no_worker_starts_before_its_namespace_has_its_quota(tmp_path: Path) -> None:
    monitor = start()
    text = f"{TENANT}isolation: {{quota: {{pods: 9}}}}\n"
    finished(lambda: run_program(project_with(tmp_path, {"acme": text})))
    for name in ("acme-agent", "acme-gateway"):
        assert "acme-quota" in {urn.rpartition("::")[2] for urn in monitor.one(RELEASE, name).dependencies}


def test_nothing_is_made_in_a_tenants_namespace_before_it_is_closed(deployed: Monitor) -> None:
    closed = {request.name for request in deployed.of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")}
    assert {"acme-default-deny", "acme-every-pod", "acme-gateway"} <= closed
    for token, name in ((SECRET, "acme-agent-credentials"), (RELEASE, "acme-agent"), (RELEASE, "acme-gateway")):
        waited_for = {urn.rpartition("::")[2] for urn in deployed.one(token, name).dependencies}
        assert closed | {"acme-limits"} <= waited_for, name


def test_outputs_tell_what_there_is(deployed: Monitor) -> None:
    stack = get_root_resource()
    assert isinstance(stack, Stack)

    def check(told: dict[str, Any]) -> None:
        assert told["server"] == {
            "namespace": "clearml",
            "release": "clearml-enterprise",
            "status": "deployed",
            "chartVersion": "0.1.0",
            "url": "https://app.clearml.example",
            "supervisorEmail": "supervisor@clearml.example",
        }
        acme = told["tenants"]["acme"]
        assert acme["company"] == "Acme Inc."
        assert (acme["companyId"], acme["adminId"], acme["namespace"]) == ("c0ffee", "a0", "acme")
        assert (acme["cluster"], acme["gateway"]) == (
            "context/kwok-clearml-tenants",
            "https://router.acme.clearml.example",
        )
        assert acme["credentials"]["agent"] == {
            "accessKey": "access of acme-agent-1",
            "label": "local/acme/agent/1",
            "created": "2026-11-23T20:00:00Z",
        }
        assert set(acme["credentials"]) == set(acme["releases"]) == {"agent", "gateway"}
        assert acme["releases"]["agent"] == {"name": "acme-agent", "status": "deployed", "revision": 1}
        assert acme["signIn"]["domains"] == ["acme.example"]
        assert "secret of" not in json.dumps(told)

    finished(lambda: pulumi.Output.from_input(dict(stack.outputs)).apply(check))


def test_an_assertion_inside_apply_is_run_and_can_fail() -> None:
    """Pulumi lets a test pass whose outputs nobody waits for; here, a wrong one has to fail."""
    start()

    with pytest.raises(AssertionError):
        finished(lambda: pulumi.Output.from_input(1).apply(_is_two))


def _is_two(value: int) -> None:
    assert value == 2
