"""Which cluster the stand-in kubernetes plugin works on, and that it is never another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.plugins.engine_log import EngineLog
from local.plugins.errors import PluginError
from local.plugins.kubernetes.cluster import Cluster
from local.plugins.kubernetes.kubeconfig import KubeconfigError, load
from local.plugins.kubernetes.provider import KubernetesProvider
from local.plugins.kubernetes.settings import Settings


def _content(name: str, server: str, namespace: str = "") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": server, "certificate-authority": "ca.crt"}}],
        "users": [{"name": name, "user": {"token": "hunter2"}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, "namespace": namespace}}],
    }


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "one.yaml"
    path.write_text(yaml.safe_dump(_content("one", "https://one.example.com", "inner")))
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


def test_the_environments_file_is_used_as_it_is(file: Path) -> None:
    chosen = load(Settings())
    assert (chosen.context, chosen.namespace, chosen.server) == ("one", "inner", "https://one.example.com")
    with chosen.as_file() as given:
        assert given == file
    assert file.exists()


def test_content_goes_to_helm_through_a_private_file(file: Path) -> None:
    chosen = load(Settings(kubeconfig=yaml.safe_dump(_content("two", "https://two.example.com"))))
    assert chosen.server == "https://two.example.com"
    with chosen.as_file() as given:
        assert given.stat().st_mode & 0o777 == 0o600
        assert json.loads(given.read_text())["current-context"] == "two"
    assert not given.exists()
    assert "hunter2" not in repr(chosen)


def test_several_files_are_merged_and_the_first_wins(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other" / "two.yaml"
    other.parent.mkdir()
    other.write_text(yaml.safe_dump(_content("two", "https://two.example.com")))
    monkeypatch.setenv("KUBECONFIG", f"{file}:{tmp_path / 'missing'}:{other}")
    assert load(Settings()).context == "one"
    chosen = load(Settings(context="two"))
    cluster = chosen.content["clusters"][0]["cluster"]
    assert cluster == {"server": "https://two.example.com", "certificate-authority": str(other.parent / "ca.crt")}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (Settings(context="prod"), 'context "prod" does not exist in .*one.yaml .there: one.'),
        (Settings(cluster="prod"), 'cluster "prod" does not exist'),
        (Settings(kubeconfig="/nowhere/config"), "no kubeconfig: /nowhere/config does not exist"),
        (Settings(kubeconfig="{}"), "failed to parse kubeconfig data in the provider's kubeconfig"),
    ],
)
def test_what_is_missing_is_one_line_and_never_another_cluster(file: Path, settings: Settings, reason: str) -> None:
    with pytest.raises(KubeconfigError, match=f"configured Kubernetes cluster is unreachable: {reason}") as failure:
        load(settings)
    assert "\n" not in str(failure.value)


def test_a_dead_cluster_is_one_line(tmp_path: Path) -> None:
    content = _content("dead", "http://127.0.0.1:1")
    content["clusters"][0]["cluster"].pop("certificate-authority")
    cluster = Cluster(Settings(kubeconfig=yaml.safe_dump(content)))
    assert not cluster.reachable()
    with pytest.raises(PluginError) as failure:
        cluster.require()
    assert str(failure.value).startswith("configured Kubernetes cluster is unreachable: http://127.0.0.1:1 ")
    assert "\n" not in str(failure.value)


def test_only_another_server_replaces_the_provider(file: Path) -> None:
    provider = KubernetesProvider(EngineLog(""))
    one = {"kubeconfig": str(file), "context": "one"}
    elsewhere = {"kubeconfig": yaml.safe_dump(_content("one", "https://else.example.com"))}
    assert provider.config_replaces(one, {"kubeconfig": file.read_text()}) == ()
    assert "kubeconfig" in provider.config_replaces(one, elsewhere)
    named = {"clusterIdentifier": "local"}
    assert provider.config_replaces({**one, **named}, {**elsewhere, **named}) == ()
    assert provider.config_replaces({**one, **named}, {**one, "clusterIdentifier": "b"}) == ("clusterIdentifier",)
