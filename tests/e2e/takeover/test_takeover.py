"""What runs already comes into the state and is changed in place: by real helm, real engine, real API server.

One cluster for the file; the tests go on from each other.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from operations.releases.ownership import group_ids
from tests.e2e.site import Site
from tests.e2e.takeover.by_hand import SERVER, agent_values, install, make_tenant
from tests.e2e.takeover.installation import core
from tests.e2e.takeover.steps import CONTEXT, FOLDERS, NOTHING, UP, meanwhile, previewed, undeployed


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything runs; nothing is deployed by this program, and the stack's file says where the server is."""
    with undeployed(tmp_path_factory.mktemp("takeover")) as made:
        yield made


@pytest.fixture(scope="module")
def pair(site: Site) -> dict[str, str]:
    """Server, tenant, agent and somebody's own quota, by hand; returns the key that the agent has."""
    install(site, "clearml", "clearml-enterprise", "clearml-enterprise", SERVER)
    made = make_tenant(site)
    install(site, "acme", "clearml-agent", "clearml-enterprise-agent", agent_values(made))
    quota = {"metadata": {"name": "of-the-team"}, "spec": {"hard": {"pods": "100"}}}
    core(site).create_namespaced_resource_quota("acme", quota)
    return made


def _releases(site: Site) -> dict[str, tuple[str, str]]:
    listed = site.helm("list", "--all-namespaces", "--all")
    return {f"{each['namespace']}/{each['name']}": (each["revision"], each["status"]) for each in listed}


@contextmanager
def _asked_all_the_while(site: Site, pair: dict[str, str]) -> Iterator[list[int]]:
    """Every 100 ms, what the API says of a key. While the server's own pod starts anew, nobody answers."""
    answers = list[int]()

    def ask(end: threading.Event) -> None:
        with httpx.Client(auth=(pair["access_key"], pair["secret_key"]), timeout=5) as http:
            while not end.wait(0.1):
                try:
                    answers.append(http.post(f"{site.api_url}/auth.login").status_code)
                except httpx.TransportError:
                    continue

    with meanwhile(ask):
        yield answers


def test_an_installation_by_hand_is_taken_over_in_place(site: Site, pair: dict[str, str]) -> None:
    """`make adopt`, `make takeover`, a preview, a deploy, and nothing more to do."""
    before, quota = _releases(site), core(site).read_namespaced_resource_quota("of-the-team", "acme")
    companies = site.state()["companies"]
    adopted = site.shell(f"make adopt STACK=local CONTEXT={CONTEXT} 2>&1")
    assert adopted.code == 0, adopted.output
    group = {"research": {"name": "Research", "features": ["applications"]}}
    site.edit_stack({"charts": FOLDERS, "server": {"protect": False}, "groups": group})

    done = site.shell("make takeover STACK=local 2>&1")
    assert done.code == 0, done.output
    assert [line.split(" (")[0] for line in done.output.splitlines() if line.startswith("taken over")] == [
        "taken over: namespace clearml, context/kwok-clearml-tenants",
        "taken over: release clearml/clearml-enterprise",
        "taken over: namespace acme, context/kwok-clearml-tenants",
        "taken over: release acme/clearml-agent",
    ]
    assert _releases(site) == before
    exported = site.shell("pulumi stack export --stack local").output
    assert pair["secret_key"] not in exported + done.output
    again = site.shell("make takeover STACK=local 2>&1")
    assert again.output.splitlines() == ["nothing to take over"]

    steps = previewed(site)
    assert not {op for op in steps.values() if "delete" in op or "replace" in op}
    changed = {name for name, op in steps.items() if op == "update" and name.startswith(("v1:", "v3:"))}
    assert changed == {"v1:Namespace::clearml", "v1:Namespace::acme", "v3:Release::clearml-enterprise",
                       "v3:Release::acme-agent"}  # fmt: skip
    with _asked_all_the_while(site, pair) as answers:
        up = site.shell(UP)
    assert up.code == 0, up.output
    assert len(answers) > 20
    assert set(answers) == {200}

    assert site.shell(NOTHING).code == 0
    assert _releases(site) == {"clearml/clearml-enterprise": ("2", "deployed"), "acme/clearml-agent": ("2", "deployed")}
    after = core(site).read_namespaced_resource_quota("of-the-team", "acme")
    assert (after.metadata.uid, after.spec.hard) == (quota.metadata.uid, quota.spec.hard)
    assert [each["id"] for each in site.state()["companies"]] == [each["id"] for each in companies]
    healed = site.shell("make heal STACK=local 2>&1")
    assert healed.code == 0, healed.output


def _kept(site: Site) -> dict[str, Any]:
    """What a lost state must not change: companies, people, the server's own secrets, and ids of groups."""
    values = site.helm("get", "values", "clearml-enterprise", "--namespace", "clearml")
    found = {name: site.state()[name] for name in ("companies", "users")}
    return {**found, "secrets": values["clearml"], "groups": group_ids(values)}


def test_a_lost_state_is_one_command(site: Site, pair: dict[str, str]) -> None:
    """Accident: releases had to be uninstalled, and Secrets ended the run in a conflict. The runbook's own commands."""
    before, uids = _kept(site), {name: core(site).read_namespace(name).metadata.uid for name in ("clearml", "acme")}
    assert before["groups"]
    shutil.rmtree(site.data / "state" / ".pulumi" / "stacks")
    assert site.shell("pulumi stack init local 2>&1").code == 0
    done = site.shell("make takeover STACK=local 2>&1")
    assert done.code == 0, done.output
    assert done.output.count("taken over: ") == 4
    for secret in before["secrets"].values():
        assert str(secret) not in done.output or secret == "clearml.example"

    assert "acme.yaml: agent: write keyGeneration: 2 before the next deploy" in done.output
    site.edit_tenant("acme", {"agent": {"keyGeneration": 2}})
    steps = previewed(site)
    assert not {op for op in steps.values() if "delete" in op or "replace" in op}
    assert not {name for name, op in steps.items() if op == "create" and name.startswith(("v1:", "v3:"))}
    own = site.deployed_secret("acme", "acme-agent-credentials")
    earlier = {"access_key": own["agentk8sglue_key"], "secret_key": own["agentk8sglue_secret"]}
    with _asked_all_the_while(site, earlier) as answers:
        up = site.shell(UP)
    assert up.code == 0, up.output
    assert len(answers) > 5
    assert set(answers) == {200}
    assert site.shell(NOTHING).code == 0
    assert _kept(site) == before
    assert {name: core(site).read_namespace(name).metadata.uid for name in uids} == uids
    assert site.sign_in(pair["access_key"], pair["secret_key"])["name"] == "Acme Admin"
