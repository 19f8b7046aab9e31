"""The checkout's own cluster: a real API server, ready in seconds, mended after a crash."""

from __future__ import annotations

import time
from typing import Any

import psutil
import pytest
from kubernetes.client.exceptions import ApiException

from local import cluster
from local.checkout import Checkout
from local.cluster import health, processes
from local.cluster.paths import ClusterPaths
from local.toolchain import InstalledTool
from tests.local.cluster.shared import core, deploy, kill, namespaces, until

pytestmark = pytest.mark.e2e


def test_a_cluster_starts_and_runs_pods_on_two_nodes(checkout: Checkout, tools: dict[str, InstalledTool]) -> None:
    assert not cluster.is_ready(checkout)
    assert cluster.start(checkout, tools) == "created"
    assert cluster.is_ready(checkout)
    assert len(core(checkout).list_node().items) == 2
    deploy(checkout, "first")


def test_starting_a_running_one_takes_no_time(
    running: Any, checkout: Checkout, tools: dict[str, InstalledTool]
) -> None:
    before = {name: process.pid for name, process in processes.running(ClusterPaths.of(checkout)).items()}
    started = time.monotonic()
    assert cluster.start(checkout, tools) == "running"
    assert time.monotonic() - started < 1
    assert {name: process.pid for name, process in processes.running(ClusterPaths.of(checkout)).items()} == before


def test_a_namespace_is_deleted_with_all_it_holds(running: Any, checkout: Checkout) -> None:
    deploy(checkout, "doomed")
    running.delete_namespace("doomed")
    until(lambda: "doomed" not in namespaces(running))


def test_the_api_server_enforces_what_a_real_one_does(running: Any) -> None:
    """Pod Security, quota, and tokens of service accounts."""
    level = {"pod-security.kubernetes.io/enforce": "restricted"}
    running.create_namespace({"metadata": {"name": "strict", "labels": level}})
    until(lambda: running.list_namespaced_service_account("strict").items)
    pod = {
        "metadata": {"name": "root"},
        "spec": {"containers": [{"name": "c", "image": "c", "securityContext": {"privileged": True}}]},
    }
    with pytest.raises(ApiException, match="PodSecurity"):
        running.create_namespaced_pod("strict", pod)
    running.create_namespaced_resource_quota(
        "strict", {"metadata": {"name": "none"}, "spec": {"hard": {"count/configmaps": "0"}}}
    )
    until(lambda: running.read_namespaced_resource_quota("none", "strict").status.hard)
    with pytest.raises(ApiException, match="exceeded quota"):
        running.create_namespaced_config_map("strict", {"metadata": {"name": "one"}})
    token = running.create_namespaced_service_account_token("default", "strict", {"spec": {}})
    assert token.status.token


@pytest.mark.parametrize("component", ["kube-apiserver", "kwok-controller", ""], ids=lambda name: name or "all")
def test_killed_processes_are_started_again_with_what_was_deployed(
    running: Any, checkout: Checkout, tools: dict[str, InstalledTool], component: str
) -> None:
    """As after `kill -9`, or for all of them a reboot; pods run again soon."""
    name = f"kept-{component or 'all'}"
    running.create_namespace({"metadata": {"name": name}})
    kill(checkout, *([component] if component else []))
    assert not cluster.is_ready(checkout)
    assert cluster.start(checkout, tools) == "started again"
    assert cluster.is_ready(checkout)
    assert name in namespaces(core(checkout))
    deploy(checkout, f"after-{component or 'all'}")


def test_a_stranger_with_a_dead_processs_number_is_left_alone(
    running: Any, checkout: Checkout, tools: dict[str, InstalledTool]
) -> None:
    """After a reboot the numbers that kwokctl noted belong to others."""
    kill(checkout, "kube-scheduler")
    with psutil.Popen(["sleep", "60"]) as stranger:
        try:
            (ClusterPaths.of(checkout).cluster / "pids" / "kube-scheduler.pid").write_text(str(stranger.pid))
            assert cluster.start(checkout, tools) == "started again"
            assert cluster.is_ready(checkout)
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_cluster_that_cannot_be_started_again_is_made_anew(
    running: Any,
    checkout: Checkout,
    tools: dict[str, InstalledTool],
    capsys: pytest.CaptureFixture[str],
) -> None:
    running.create_namespace({"metadata": {"name": "lost"}})
    kill(checkout)
    for file in (ClusterPaths.of(checkout).cluster / "etcd").rglob("db"):
        file.write_text("not a database")
    assert cluster.start(checkout, tools) == "created"
    told = capsys.readouterr().out
    assert "etcd ended" in told
    assert "what was deployed in it is gone" in told
    assert "lost" not in namespaces(core(checkout))
    assert (checkout.run / "cluster-logs" / "etcd.log").exists()


def test_a_half_made_cluster_is_made_again(checkout: Checkout, tools: dict[str, InstalledTool]) -> None:
    cluster.start(checkout, tools)
    ClusterPaths.of(checkout).complete.unlink()
    ClusterPaths.of(checkout).own_kubeconfig.unlink()
    kill(checkout, "etcd", "kube-apiserver")
    assert cluster.start(checkout, tools) == "created"


@pytest.mark.parametrize("outcome", ["started again", "created"])
def test_a_component_that_ended_at_the_start_is_no_failure(
    running: Any,
    checkout: Checkout,
    tools: dict[str, InstalledTool],
    monkeypatch: pytest.MonkeyPatch,
    outcome: str,
) -> None:
    """Its port was taken: tried once more, although by the second look it may run after all; nothing kept is lost."""
    failures = [health.ComponentEndedError("cluster: kwok-controller ended: its port is taken")]
    wait = health.wait_until_ready

    def first_in_vain(place: ClusterPaths) -> None:
        wait(place)
        if failures:
            raise failures.pop()

    monkeypatch.setattr(health, "wait_until_ready", first_in_vain)
    if outcome == "created":
        cluster.stop(checkout)
    else:
        kill(checkout)
    assert cluster.start(checkout, tools) == outcome
    assert not failures
    assert cluster.is_ready(checkout)
