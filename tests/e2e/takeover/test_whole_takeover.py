"""A whole installation made by hand is taken over in place, and nobody notices.

By the guide's curl and helm commands, the real engine and a real API server.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.site import Site
from tests.e2e.takeover.installation import (
    DOMAINS,
    QUOTA,
    Installation,
    company_data,
    core,
    make,
    pods,
    releases,
    sign_in,
)
from tests.e2e.takeover.restarts import workloads_told
from tests.e2e.takeover.steps import CONTEXT, FOLDERS, NOTHING, UP, previewed, undeployed
from tests.e2e.takeover.watch import watching

_TAKEN = [
    "namespace clearml, context/kwok-clearml-tenants",
    "release clearml/clearml-enterprise",
    "namespace acme, context/kwok-clearml-tenants",
    "release acme/clearml-agent",
    "release acme/clearml-agent-gpu",
    "release acme/app-gateway",
    "namespace beta, context/kwok-clearml-tenants",
    "release beta/clearml-agent",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything runs; nothing is deployed, and the stack's file says where the server is and how to sign in."""
    pair = ("clearml-tenants:supervisorKey", "clearml-tenants:supervisorSecret")
    with undeployed(tmp_path_factory.mktemp("whole"), *pair) as made:
        yield made


@pytest.fixture
def installation(site: Site) -> Installation:
    return make(site, "clearml_hand")


def _done(site: Site, command: str) -> str:
    done = site.shell(command)
    assert done.code == 0, f"{command}: {done.output}"
    return done.output


def _review(site: Site) -> None:
    """What docs/adoption.md asks of a person: where the charts are, and who is the admin of a half made company."""
    report = (site.root / "adoption.md").read_text()
    assert f"| acme | isolation.quota | is that of the ResourceQuota {QUOTA} |" in report
    assert "| gamma | admin | the server does not say who is in this company" in report
    site.edit_stack({"charts": FOLDERS})
    site.edit_tenant("gamma", {"admin": {"name": "Gamma Admin", "email": "admin@gamma.example"}})
    _done(site, "make check STACK=local 2>&1")


def _nothing_is_made_anew(site: Site) -> None:
    """The engine's own steps: what is there is updated, nothing is deleted or replaced, and our quota is told."""
    steps = previewed(site)
    assert not {op for op in steps.values() if "delete" in op or "replace" in op}, steps
    assert {op for name, op in steps.items() if name.startswith("v3:Release")} == {"update"}, steps
    assert {steps[f"v1:{name}"] for name in ("Namespace::gamma", "ResourceQuota::acme-quota")} == {"create"}


def _announced(site: Site) -> set[str]:
    """The workloads that `make preview` says to restart, as `namespace/name`."""
    shown = _done(site, "make preview STACK=local 2>&1")
    assert "RandomPassword" not in shown
    assert "resourceQuota" in next(line for line in shown.splitlines() if line.startswith("  acme: changed"))
    return set(workloads_told(shown))


def _taken_over(installation: Installation) -> str:
    """Adopt, review, takeover, preview, deploy, and nothing more to do; what the takeover said."""
    site = installation.site
    there, before = releases(site), company_data(site)
    quota = core(site).read_namespaced_resource_quota(QUOTA, "acme")
    with watching(installation) as watch:
        _done(site, f"make adopt STACK=local CONTEXT={CONTEXT} 2>&1")
        _review(site)
        told = _done(site, "make takeover STACK=local 2>&1")
        assert "nothing to take over" in _done(site, "make takeover STACK=local 2>&1")
        assert releases(site) == there
        _nothing_is_made_anew(site)
        announced, running = _announced(site), pods(site)
        assert watch.silent == []
        _done(site, UP)
        gone = {running[uid] for uid in running.keys() - pods(site).keys()}
        assert gone <= announced, (gone, announced)
        _done(site, NOTHING)
    assert watch.wrong == []
    assert min(watch.answers.values()) > 100, watch.answers
    assert releases(site) == there
    assert company_data(site) == before
    after = core(site).read_namespaced_resource_quota(QUOTA, "acme")
    assert (after.metadata.uid, after.spec.hard) == (quota.metadata.uid, quota.spec.hard)
    _each_key_is_made_once(site)
    return told


def _each_key_is_made_once(site: Site) -> None:
    labels = sorted(str(each["label"]) for each in site.state()["credentials"])
    uses = ("acme/agent", "acme/agent-gpu", "acme/gateway", "beta/agent")
    assert [each for each in labels if each.startswith("local/")] == sorted(f"local/{use}/1" for use in uses)


def test_a_whole_installation_is_taken_over_in_place(installation: Installation) -> None:
    told = _taken_over(installation)
    taken = [line.split(" (")[0] for line in told.splitlines() if line.startswith("taken over: ")]
    assert taken == [f"taken over: {each}" for each in _TAKEN]
    for tenant, domain in DOMAINS.items():
        landed = sign_in(installation.site, f"newcomer@{domain}")
        assert landed["company"] == installation.tenants[tenant].company
