"""Others' objects in a tenant's namespace: of each the page says once what becomes of it, as a run will do it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from operations.releases.occupants.names import names
from settings.types.naming import LIMIT_RANGE, NETWORK_POLICY, REGISTRY_SECRET, RESOURCE_QUOTA, SECRET, STACK_LABEL
from tests.operations.adoption.installation import agent_values, gateway_values, make_tenant, server_values
from tests.operations.adoption.site import Site

_GATEWAY = "clearml-enterprise-app-gateway"
_KINDS = {"NetworkPolicy": NETWORK_POLICY, "ResourceQuota": RESOURCE_QUOTA, "LimitRange": LIMIT_RANGE, "Secret": SECRET}
_POLICIES = ("default-deny", "every-pod", "dns", "gateway", "gateway-lab", "gateway-old", "theirs")
_SECRETS = ("acme-agent-credentials", "acme-gateway-lab-credentials", "beta-agent-credentials", REGISTRY_SECRET, "git")


def _installation(site: Site) -> None:
    """Acme has one agent and two gateways, and objects of others at names of all sorts."""
    acme = make_tenant(site.emulator, "Acme Inc.", "admin@acme.example")
    site.lists.install("clearml", "clearml-enterprise", "clearml-enterprise", server_values(site.emulator))
    site.lists.install("acme", "acme-agent", "clearml-enterprise-agent", agent_values(acme))
    site.lists.install("acme", "acme-gateway", _GATEWAY, gateway_values(acme, "router.acme.clearml.example.com"))
    site.lists.install("acme", "acme-gateway-lab", _GATEWAY, gateway_values(acme, "lab.acme.clearml.example.com"))
    for name in _POLICIES:
        site.lists.add("policies", "acme", name, {})
    for kind, name in (("quotas", "quota"), ("quotas", "theirs"), ("limits", "limits"), ("limits", "other")):
        spec: Mapping[str, Any] = {"hard": {"pods": "9"}} if kind == "quotas" else {"limits": []}
        site.lists.add(kind, "acme", name, spec)
    for name in _SECRETS:
        site.lists.add_secret("acme", name, {"key": "a-secret-of-nobody-1"})


def _in_the_way(page: str) -> set[tuple[str, str]]:
    rows = [line for line in page.splitlines() if "has the very name" in line]
    told = [row.split(" | ")[2].split(" has the very name")[0].split(" ") for row in rows]
    return {(_KINDS[kind], name) for kind, name in told}


def _left_alone(page: str) -> set[tuple[str, str]]:
    rows = [line.split(" | ")[2].partition(": left alone") for line in page.splitlines() if ": left alone" in line]
    split = [head.partition(" ") for head, _, _ in rows]
    return {(_KINDS[kind], name) for kind, _, listed in split for name in listed.split(", ")}


def test_each_is_told_once_and_as_a_run_judges_it(site: Site) -> None:
    _installation(site)
    site.run()
    ours = {(each.token, each.name) for each in names(site.load()) if each.namespace == "acme"}
    there = {(NETWORK_POLICY, each) for each in _POLICIES} | {(SECRET, each) for each in _SECRETS}
    there |= {(RESOURCE_QUOTA, "quota"), (RESOURCE_QUOTA, "theirs"), (LIMIT_RANGE, "limits"), (LIMIT_RANGE, "other")}
    assert _in_the_way(site.report) == there & ours
    assert _left_alone(site.report) == there - ours
    assert {(NETWORK_POLICY, "gateway-lab"), (SECRET, REGISTRY_SECRET)} <= ours
    assert (NETWORK_POLICY, "dns") not in ours


@pytest.mark.parametrize("name", ["quota", "limits"])
def test_what_is_in_the_way_stays_nowhere(site: Site, name: str) -> None:
    _installation(site)
    site.run()
    rows = [line for line in site.report.splitlines() if line.startswith("| acme | isolation") and name in line]
    assert not [row for row in rows if "stay" in row]


def test_in_a_namespace_of_this_stack_a_name_of_ours_is_nobodys_to_move(site: Site) -> None:
    """Its state is lost: a run before made them, most likely, and the takeover asks who did."""
    _installation(site)
    site.lists.namespaces["acme"][STACK_LABEL] = "prod"
    site.run()
    assert not _in_the_way(site.report)
    assert "| acme | namespace | ResourceQuota quota: has the name of one of this stack's;" in site.report
    assert (RESOURCE_QUOTA, "theirs") in _left_alone(site.report)


def test_a_secret_in_the_servers_namespace_at_a_name_of_ours_is_told(site: Site) -> None:
    """The runs of a deploy would stop at it."""
    _installation(site)
    site.lists.add_secret("clearml", REGISTRY_SECRET, {"key": "a-secret-of-nobody-1"})
    site.run()
    assert f"| the whole stack | server.namespace | Secret {REGISTRY_SECRET} has the very name" in site.report
