"""A run killed while helm installs or upgrades each of the three releases: the next one heals it and converges."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from tests.e2e.site import Site, changed

NAMES = ["acme-agent", "acme-gateway", "clearml-enterprise"]
STACK = Path("config") / "Pulumi.local.yaml"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Site]:
    site = Site.copy(tmp_path / "project")
    yield site
    site.run("down")


def _processes(site: Site, name: str) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if (process.info["name"] or "").startswith(name) and str(site.data) in " ".join(process.info["cmdline"] or [])
    ]


def _soon(look: Callable[[], bool], seconds: float = 200) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def _statuses(site: Site) -> dict[str, str]:
    return {each["name"]: each["status"] for each in site.helm("list", "--all-namespaces", "--all")}


def _revisions(site: Site) -> dict[str, int]:
    """Of the releases that are whole."""
    found = site.helm("list", "--all-namespaces")
    return {each["name"]: int(each["revision"]) for each in found if each["status"] == "deployed"}


def _killed_while_helm_is_at(site: Site, *names: str, after: str = "") -> dict[str, str]:
    """A run whose pods never get ready, killed with all that works for it; what each of these releases then is.

    The pods do get ready until `after` is deployed anew, which they wait for. The plugin dies too, and runs helm within
    itself.
    """
    if after:
        # A roll-back is a new revision, too.
        assert site.run("heal").code == 0
    (nodes,) = _processes(site, "kwok")
    before = _revisions(site).get(after, 0)
    if not after:
        nodes.suspend()
    process = site.start("up")
    try:
        if after:
            _soon(lambda: _revisions(site).get(after, 0) > before)
            nodes.suspend()
        _soon(lambda: all(_statuses(site).get(name, "").startswith("pending") for name in names))
        os.killpg(process.pid, signal.SIGKILL)
        for worker in (*_processes(site, "pulumi"), *_processes(site, "helm")):
            worker.kill()
    finally:
        nodes.resume()
        process.communicate(timeout=30)
    return {name: _statuses(site)[name] for name in names}


def _converged(site: Site, told: str) -> None:
    """Deployed with what is declared, and nothing left to do."""
    assert _statuses(site) == dict.fromkeys(NAMES, "deployed")
    assert "healed: release" in told
    preview = site.shell("pulumi preview --stack local --non-interactive --expect-no-changes 2>&1")
    assert preview.code == 0, preview.output
    assert changed(site.up().output) == 0


def test_killed_while_helm_installs_and_while_it_upgrades_each_release(fresh: Site) -> None:
    assert fresh.run("preview").code == 0
    assert _killed_while_helm_is_at(fresh, "clearml-enterprise") == {"clearml-enterprise": "pending-install"}
    workers = _killed_while_helm_is_at(fresh, "acme-agent", "acme-gateway", after="clearml-enterprise")
    assert workers == {"acme-agent": "pending-install", "acme-gateway": "pending-install"}
    _converged(fresh, fresh.up().output)

    _declare_changes(fresh)
    assert _killed_while_helm_is_at(fresh, "clearml-enterprise") == {"clearml-enterprise": "pending-upgrade"}
    workers = _killed_while_helm_is_at(fresh, "acme-agent", "acme-gateway", after="clearml-enterprise")
    assert workers == {"acme-agent": "pending-upgrade", "acme-gateway": "pending-upgrade"}
    _converged(fresh, fresh.up().output)
    values = {name: fresh.helm("get", "values", name, "-n", name.split("-")[0]) for name in NAMES}
    assert values["acme-agent"]["agentk8sglue"]["queues"]["default"] == {"queueSettings": {"maxPods": 7}}
    assert values["acme-gateway"]["ingress"]["className"] == "nginx"
    assert values["clearml-enterprise"]["clearmlApplications"]["queueMode"] == "per_tenant"


def _declare_changes(site: Site) -> None:
    """One in each release."""
    file = site.root / STACK
    whole: dict[str, Any] = yaml.safe_load(file.read_text())
    whole["config"]["clearml-tenants:stack"]["server"]["queueMode"] = "per_tenant"
    file.write_text(yaml.safe_dump(whole, sort_keys=False))
    queues = {"default": {"queueSettings": {"maxPods": 7}}}
    site.edit_tenant("acme", {"agent": {"queues": queues}, "gateway": {"ingress": {"className": "nginx"}}})
