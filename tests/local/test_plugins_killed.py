"""Runs that die while helm is at work: what is left, and what the next run says, is as with the official plugin."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.checkout import Checkout
from tests.local.own_cluster import own_cluster, soon
from tests.local.test_plugins_on_cluster import Site

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    with own_cluster(tmp_path_factory.mktemp("cluster")) as checkout:
        yield checkout


@pytest.fixture
def site(cluster: Checkout, tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, cluster)
    yield made
    made.run("cancel", "--yes")
    made.destroy()


def _helm_of(site: Site) -> psutil.Process | None:
    """The helm that is at work on the site's release."""
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "--namespace" in words and site.space in words and "--wait" in words:
            return process
    return None


def _gone(process: psutil.Process) -> bool | None:
    return True if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE else None


def _killed_while_helm_waits(site: Site, sent: signal.Signals) -> str:
    """Start `up` with a release that never gets ready; signal the engine once helm has written its record."""
    process = site.start("up", "--yes", "--skip-preview", STUCK="yes", OPEN="7", TIMEOUT="120")
    helm = soon(lambda: _helm_of(site), 60)
    soon(lambda: "pending" in site.status() or None, 30)
    os.kill(process.pid, sent)
    assert soon(lambda: _gone(helm), 15)
    output, _ = process.communicate(timeout=60)
    return output


def test_killed_while_installing(site: Site) -> None:
    _killed_while_helm_waits(site, signal.SIGKILL)
    assert site.status() == "pending-install"
    site.run("cancel", "--yes")
    for _ in range(2):
        assert "cannot re-use a name that is still in use" in site.fails().output
    site.helm("uninstall", "tiny", "--namespace", site.space)
    site.up()
    assert site.status() == "deployed"


def test_killed_while_upgrading(site: Site) -> None:
    site.up()
    _killed_while_helm_waits(site, signal.SIGKILL)
    assert site.status() == "pending-upgrade"
    site.run("cancel", "--yes")
    # The state still holds the old values, so going back to them is no change for the release; new ones are refused.
    assert "Release tiny updating" not in site.up().output
    assert site.status() == "pending-upgrade"
    refused = site.fails(OPEN="8").output
    assert "another operation (install/upgrade/rollback) is in progress" in refused
    site.helm("rollback", "tiny", "--namespace", site.space)
    site.up(OPEN="8")
    assert site.api.secret(site.space, "tiny")["open"] == "8"


def test_interrupted_politely_is_mended_by_the_next_run(site: Site) -> None:
    """Ctrl-C: helm is asked to stop and marks its release failed, the engine keeps it, the next `up` upgrades it."""
    output = _killed_while_helm_waits(site, signal.SIGINT)
    assert "Traceback" not in output
    assert site.status() == "failed"
    site.up()
    assert site.status() == "deployed"
