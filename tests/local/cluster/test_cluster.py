"""The checkout's own cluster: a real API server, ready in seconds, mended after a crash, gone without a trace."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException

from local import cluster
from local.checkout import Checkout
from local.cluster import health, processes
from local.cluster.paths import ClusterPaths
from local.toolchain import InstalledTool, install_tools

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def tools() -> dict[str, InstalledTool]:
    return install_tools()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A checkout's folders, in which the tests of this file share one cluster."""
    data = tmp_path_factory.mktemp("checkout") / ".local"
    made = Checkout(data.parent, data, 8008, None)
    try:
        yield made
    finally:
        cluster.stop(made)


@pytest.fixture
def running(checkout: Checkout, tools: dict[str, InstalledTool]) -> Any:
    cluster.start(checkout, tools)
    return core(checkout)


def core(checkout: Checkout) -> Any:
    """The official client, on the checkout's kubeconfig; untyped, since it takes plain dictionaries."""
    untyped: Any = config
    return client.CoreV1Api(untyped.new_client_from_config(str(checkout.kubeconfig)))


def until(true: Callable[[], Any], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.2)


def kill(checkout: Checkout, *components: str) -> None:
    there = processes.running(ClusterPaths.of(checkout))
    for component in components or there:
        there[component].kill()
    until(lambda: not set(components or there) & set(processes.running(ClusterPaths.of(checkout))))


def namespaces(api: Any) -> set[str]:
    return {item.metadata.name for item in api.list_namespace().items}


def deploy(checkout: Checkout, namespace: str) -> None:
    """A Deployment in a new namespace, waited for until its pod runs."""
    api = core(checkout)
    api.create_namespace({"metadata": {"name": namespace}})
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web"}]}}
    body = {
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template},
    }
    apps: Any = client.AppsV1Api(api.api_client)
    apps.create_namespaced_deployment(namespace, body)
    until(lambda: [pod.status.phase for pod in api.list_namespaced_pod(namespace).items] == ["Running"])


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
