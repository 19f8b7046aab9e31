"""Two tenants' workers on one cluster: each is its own tenant's, and a change of one leaves the others alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from settings.types.naming import is_gateway
from tests.e2e.site import Site, changed

INITECH = """\
company: Initech
protect: false
admin: {name: Initech Admin, email: admin@initech.example}
agent: {queues: {default: {}}}
agents:
  gpu: {queues: {gpu: {}}}
gateway:
  hostName: router.initech.clearml.example
  streamSession: {routerAddress: 10.0.0.7, portRange: {start: 30100, end: 30109}}
gateways:
  lab:
    hostName: lab.initech.clearml.example
    streamSession: {routerAddress: 10.0.0.7, portRange: {start: 30110, end: 30119}}
"""


@pytest.fixture(scope="module")
def two(site: Site) -> Iterator[Site]:
    """The shared environment with a second tenant, whose file is gone at the end."""
    path = site.root / "config" / "tenants" / "local" / "initech.yaml"
    path.write_text(INITECH)
    site.up()
    yield site
    path.unlink()
    site.up()


def _revisions(site: Site) -> dict[str, str]:
    return {each["name"]: each["revision"] for each in site.helm("list", "--all-namespaces")}


def _keys_in_the_cluster(site: Site, tenant: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The key pairs that its workers really read: each agent's Secret, the Secret of a gateway's chart."""
    for use, release in tenant["releases"].items():
        secret = site.deployed_secret(tenant["namespace"], f"{release['name']}-credentials")
        names = ("apiKey", "apiSecret") if is_gateway(use) else ("agentk8sglue_key", "agentk8sglue_secret")
        yield secret[names[0]], secret[names[1]]


def test_each_workers_key_signs_in_as_its_own_tenant(two: Site) -> None:
    tenants = two.outputs()["tenants"]
    seen: set[str] = set()
    for name, uses in (("acme", {"agent", "gateway"}), ("initech", {"agent", "agent-gpu", "gateway", "gateway-lab"})):
        tenant = tenants[name]
        assert set(tenant["releases"]) == uses
        for key, secret in _keys_in_the_cluster(two, tenant):
            user = two.sign_in(key, secret)
            assert (user["company"]["id"], user["id"]) == (tenant["companyId"], tenant["adminId"])
            assert key not in seen
            seen.add(key)
    assert len(seen) == 6


def _last_used(site: Site) -> dict[str, str | None]:
    """Of each worker's key."""
    tenants = site.outputs()["tenants"].values()
    keys = {key["accessKey"] for tenant in tenants for key in tenant["credentials"].values()}
    return {each["access_key"]: each["last_used"] for each in site.state()["credentials"] if each["access_key"] in keys}


def test_status_says_how_each_worker_is_and_uses_no_key(two: Site) -> None:
    """Looking at a key with that key would move the time that it was last used."""
    initech = two.outputs()["tenants"]["initech"]
    key, secret = next(_keys_in_the_cluster(two, initech))
    two.sign_in(key, secret)
    before = _last_used(two)
    (shown,) = [line for line in two.run("status").output.splitlines() if line.startswith("  initech  ")]
    assert f"agent: key accepted, last used {before[key]}; pods 1/1 ready" in shown
    assert "agent-gpu: key accepted, " in shown
    for use, host in (("gateway", "router"), ("gateway-lab", "lab")):
        (line,) = [each for each in shown.split(" | ") if each.startswith(f"{use}: key accepted")]
        assert line.endswith(
            f"; pods 1/1 ready; ingress {host}.initech.clearml.example not admitted by any controller yet"
        )
    assert _last_used(two) == before
    assert secret not in shown


def test_a_change_of_one_tenants_agent_leaves_every_other_release_alone(two: Site) -> None:
    before = _revisions(two)
    two.edit_tenant("initech", {"agents": {"gpu": {"queues": {"gpu": {"queueSettings": {"maxPods": 3}}}}}})
    two.up()
    after = _revisions(two)
    assert int(after.pop("initech-agent-gpu")) == int(before.pop("initech-agent-gpu")) + 1
    assert after == before
    assert changed(two.up().output) == 0


_FOR_EVERYBODY = {"features": {"reports": True}, "groups": {"users": {"features": ["reports"]}}}
_QUEUES = {"server": {"queueMode": "per_tenant"}}


def test_what_is_told_to_restart_is_what_does(two: Site) -> None:
    """By the preview and by the `up` itself, of the server and of every tenant; and a reviewer sees why."""
    path = two.root / "config" / "Pulumi.local.yaml"
    kept = path.read_text()
    changes: dict[str, Callable[[], None]] = {
        "CLEARML__services__organization__features__reports": lambda: two.edit_stack(_FOR_EVERYBODY),
        "queueMode": lambda: two.edit_stack(_QUEUES),
        "clearml-supervisor": lambda: two.set_secret("supervisorSecret", "another-One_2"),
        "initech-agent-gpu": lambda: two.edit_tenant("initech", {"agents": {"gpu": {"keyGeneration": 2}}}),
    }
    try:
        for seen, change in changes.items():
            change()
            before = two.rollouts()
            preview, done = two.run("preview", DIFF="true"), two.up()
            after = two.rollouts()
            restarted = {name for name in before if before[name] != after[name]}
            assert seen in preview.output
            assert restarted
            assert _told(preview.output) == _told(done.output) == restarted
    finally:
        path.write_text(kept)
        two.up()


def _told(output: str) -> set[str]:
    """The Deployments that a command said to restart."""
    lines = re.findall(r"^  (\S+): restarts (.+)$", output, re.MULTILINE)
    parts = {(release, part) for release, parts in lines for part in parts.split(", ")}
    return {part if part == release else f"{release}-{part}" for release, part in parts if part != "nothing"}


def _kubectl(site: Site, *arguments: str) -> None:
    done = site.shell(f"kubectl {' '.join(arguments)}")
    assert done.code == 0, done.output


def _uninstall(site: Site) -> None:
    done = site.shell("helm uninstall initech-agent --namespace initech --wait")
    assert done.code == 0, done.output


def test_what_drifts_inside_a_release_is_told_and_put_back(two: Site) -> None:
    """To the engine a release is whole as long as helm has its record."""
    _kubectl(two, "--namespace initech delete deployment initech-agent")
    _kubectl(two, "--namespace initech scale deployment initech-agent-gpu --replicas 0")
    told = two.run("refresh").output
    assert "differs         release initech/initech-agent: Deployment initech-agent is missing" in told
    assert "release initech/initech-agent-gpu: Deployment initech-agent-gpu differs in spec.replicas" in told
    assert "2 resources differed" in told
    shown = " ".join(two.run("status").output.split())
    assert "pods 0/1 ready; not as deployed: Deployment initech-agent is missing; make heal" in shown
    repaired = two.up().output
    assert "healed: release initech/initech-agent: Deployment initech-agent is missing: put back" in repaired
    assert "not as deployed" not in two.run("status").output
    again = two.up().output
    assert (changed(again), "healed" in again) == (0, False)
    assert "0 resources differed" in two.run("refresh").output
    assert changed(two.up().output) == 0


def test_after_a_release_was_uninstalled_by_hand_runs_go_on(two: Site) -> None:
    """It is installed anew, and the removal of its tenant does not fail."""
    path = two.root / "config" / "tenants" / "local" / "initech.yaml"
    kept = path.read_text()
    _uninstall(two)
    assert "; release not there: deploy with a refresh" in " ".join(two.run("status").output.split())
    two.up()
    assert "initech-agent" in _revisions(two)
    _uninstall(two)
    path.unlink()
    try:
        assert "not there: release initech/initech-agent" in two.up().output
        assert "initech" not in two.namespaces()
    finally:
        path.write_text(kept)
        two.up()


def test_a_changed_template_of_a_folder_chart_is_a_change(two: Site) -> None:
    """Its version stays, and nothing else in the files says so."""
    before = _revisions(two)
    template = two.root / "local" / "charts" / "clearml-enterprise-app-gateway" / "templates" / "added.yaml"
    template.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-added}\n")
    try:
        shown = two.run("preview", DIFF="true").output
        assert "chart files sha256:" in shown
        assert changed(two.up().output) == 3
    finally:
        template.unlink()
        two.up()
    moved = {name for name, revision in _revisions(two).items() if revision != before[name]}
    assert moved == {"acme-gateway", "initech-gateway", "initech-gateway-lab"}
    assert changed(two.up().output) == 0
