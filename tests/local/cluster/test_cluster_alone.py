"""The checkout's own cluster beside what else is on the machine: other clusters, a user's kubeconfig, the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from local import cluster
from local.checkout import Checkout
from local.cluster import processes
from local.cluster.paths import ClusterPaths
from local.toolchain import InstalledTool
from tests.local.cluster.shared import core, kill, namespaces

pytestmark = pytest.mark.e2e


def test_everything_listens_on_this_machine_alone(running: Any, checkout: Checkout) -> None:
    """etcd holds every Secret and asks for no password."""
    listening = {
        connection.laddr.ip
        for process in processes.running(ClusterPaths.of(checkout)).values()
        for connection in process.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}


def test_two_checkouts_run_side_by_side(
    running: Any, checkout: Checkout, tools: dict[str, InstalledTool], tmp_path: Path
) -> None:
    other = Checkout(tmp_path, tmp_path / ".local", 8009, None)
    try:
        assert cluster.start(other, tools) == "created"
        core(other).create_namespace({"metadata": {"name": "other"}})
        assert "other" not in namespaces(running)
    finally:
        cluster.stop(other)
    assert cluster.is_ready(checkout)


def test_a_cluster_made_while_another_is_down_leaves_it_its_ports(
    running: Any, checkout: Checkout, tools: dict[str, InstalledTool], tmp_path: Path
) -> None:
    """CI lost a cluster so: the other had taken its ports, for good."""
    running.create_namespace({"metadata": {"name": "patient"}})
    kill(checkout)
    other = Checkout(tmp_path, tmp_path / ".local", 8009, None)
    try:
        assert cluster.start(other, tools) == "created"
        assert cluster.start(checkout, tools) == "started again"
    finally:
        cluster.stop(other)
    assert "patient" in namespaces(core(checkout))


def test_a_users_kubeconfig_is_neither_read_nor_written(
    checkout: Checkout, tools: dict[str, InstalledTool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    mine = tmp_path / "my-kubeconfig"
    mine.write_text("not even a kubeconfig")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("KUBECONFIG", str(mine))
    cluster.stop(checkout)
    cluster.start(checkout, tools)
    assert mine.read_text() == "not even a kubeconfig"
    assert {path.name for path in home.iterdir()} <= {".cache"}  # the lock that checkouts share
    assert checkout.kubeconfig.stat().st_mode & 0o777 == 0o600
    assert yaml.safe_load(checkout.kubeconfig.read_text())["current-context"] == "kwok-clearml-tenants"


def test_stopping_leaves_nothing(running: Any, checkout: Checkout) -> None:
    there = list(processes.running(ClusterPaths.of(checkout)).values())
    assert there
    cluster.stop(checkout)
    assert processes.running(ClusterPaths.of(checkout)) == {}
    assert not checkout.kwok.exists()
    assert not checkout.kubeconfig.exists()
    assert [path.name for path in checkout.run.iterdir()] == []
    cluster.stop(checkout)  # again is fine
