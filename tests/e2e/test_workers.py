"""Two tenants' workers on one cluster: each is its own tenant's, and a change of one leaves the others alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.site import Site, changed

GLOBEX = """\
company: Globex
protect: false
admin: {name: Globex Admin, email: admin@globex.example}
agent: {queues: {default: {}}}
agents:
  gpu: {queues: {gpu: {}}}
gateway:
  hostName: router.globex.clearml.example
  streamSession: {routerAddress: 10.0.0.7, portRange: {start: 30100, end: 30109}}
"""


@pytest.fixture(scope="module")
def two(site: Site) -> Iterator[Site]:
    """The shared environment with a second tenant, whose file is gone at the end."""
    path = site.root / "config" / "tenants" / "local" / "globex.yaml"
    path.write_text(GLOBEX)
    site.up()
    yield site
    path.unlink()
    site.up()


def _revisions(site: Site) -> dict[str, str]:
    return {each["name"]: each["revision"] for each in site.helm("list", "--all-namespaces")}


def _keys_in_the_cluster(site: Site, tenant: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The key pairs that its workers really read: each agent's Secret, the Secret of the gateway's chart."""
    for use, release in tenant["releases"].items():
        secret = site.deployed_secret(tenant["namespace"], f"{release['name']}-credentials")
        names = ("apiKey", "apiSecret") if use == "gateway" else ("agentk8sglue_key", "agentk8sglue_secret")
        yield secret[names[0]], secret[names[1]]


def test_each_workers_key_signs_in_as_its_own_tenant(two: Site) -> None:
    tenants = two.outputs()["tenants"]
    seen: set[str] = set()
    for name, uses in (("acme", {"agent", "gateway"}), ("globex", {"agent", "agent-gpu", "gateway"})):
        tenant = tenants[name]
        assert set(tenant["releases"]) == uses
        for key, secret in _keys_in_the_cluster(two, tenant):
            user = two.sign_in(key, secret)
            assert (user["company"]["id"], user["id"]) == (tenant["companyId"], tenant["adminId"])
            assert key not in seen
            seen.add(key)
    assert len(seen) == 5


def test_a_change_of_one_tenants_agent_leaves_every_other_release_alone(two: Site) -> None:
    before = _revisions(two)
    two.edit_tenant("globex", {"agents": {"gpu": {"queues": {"gpu": {"queueSettings": {"maxPods": 3}}}}}})
    two.up()
    after = _revisions(two)
    assert int(after.pop("globex-agent-gpu")) == int(before.pop("globex-agent-gpu")) + 1
    assert after == before
    assert changed(two.up().output) == 0
