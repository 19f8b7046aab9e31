"""Kubernetes objects as the stand-in sees them, without a cluster."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from local.plugins.contract import Naming, Operation, Subject
from local.plugins.errors import PluginError
from local.plugins.kubernetes.cluster import Cluster
from local.plugins.kubernetes.drift import inputs_after
from local.plugins.kubernetes.kinds import GroupKind
from local.plugins.kubernetes.manifest import checked_inputs, state_of
from local.plugins.kubernetes.objects import Objects
from local.plugins.kubernetes.ready import not_ready
from local.plugins.kubernetes.settings import Settings
from local.plugins.properties import UNKNOWN, Secret

CONFIG_MAP = GroupKind("", "v1", "ConfigMap")
SECRET = GroupKind("", "v1", "Secret")
DEPLOYMENT = GroupKind("apps", "v1", "Deployment")


def _operation(inputs: dict[str, Any], olds: dict[str, Any] | None = None, naming: Naming | None = None) -> Operation:
    subject = Subject("urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::words", "kubernetes:core/v1:ConfigMap", "words")
    return Operation(subject, inputs, old_inputs=olds or {}, naming=naming or Naming(b"seed"))


def _replaced(kind: GroupKind, olds: dict[str, Any], news: dict[str, Any], **settings: bool) -> tuple[list[str], bool]:
    chosen = Settings(**settings)  # type: ignore[arg-type]
    found = Objects(kind, Cluster(chosen), chosen, threading.Event()).diff(_operation(news, olds))
    return [".".join(map(str, entry.path)) for entry in found.entries if entry.replace], found.delete_first


@pytest.mark.parametrize(
    ("token", "api_version", "namespaced"),
    [
        ("kubernetes:core/v1:Namespace", "v1", False),
        ("kubernetes:core/v1:Secret", "v1", True),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "networking.k8s.io/v1", True),
        ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "rbac.authorization.k8s.io/v1", False),
        ("kubernetes:gateway.networking.k8s.io/v1:Gateway", "gateway.networking.k8s.io/v1", None),
    ],
)
def test_tokens_are_understood(token: str, api_version: str, namespaced: bool | None) -> None:
    kind = GroupKind.of(token)
    assert (kind.api_version, kind.namespaced) == (api_version, namespaced)


def test_a_strange_token_is_one_line() -> None:
    with pytest.raises(PluginError, match=r"kubernetes:yaml:ConfigFile.*use the official plugin"):
        GroupKind.of("kubernetes:yaml:ConfigFile")


def test_a_given_name_is_used_as_it_is() -> None:
    checked = checked_inputs(CONFIG_MAP, _operation({"metadata": {"name": "words"}}), "acme")
    assert checked == {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "words", "namespace": "acme"}}


def test_an_unnamed_one_gets_a_name_and_keeps_it() -> None:
    first = checked_inputs(CONFIG_MAP, _operation({}), "acme")
    name = first["metadata"]["name"]
    assert name.startswith("words-")
    assert len(name) == len("words-") + 8
    again = checked_inputs(CONFIG_MAP, _operation({}, first, Naming(b"other")), "acme")
    assert again["metadata"] == first["metadata"]


def test_the_engines_proposal_is_taken_and_its_ban_kept() -> None:
    assert checked_inputs(CONFIG_MAP, _operation({}, None, Naming(proposed="p-1")), None)["metadata"]["name"] == "p-1"
    with pytest.raises(PluginError, match="autonaming is disabled"):
        checked_inputs(CONFIG_MAP, _operation({}, None, Naming(forbidden=True)), None)


def test_unknown_names_wait() -> None:
    assert checked_inputs(CONFIG_MAP, _operation({"metadata": UNKNOWN}), "acme")["metadata"] is UNKNOWN
    assert checked_inputs(CONFIG_MAP, _operation({"metadata": {"name": UNKNOWN}}), "a")["metadata"]["name"] is UNKNOWN


def _named(name: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "acme"}, **more}


def test_identity_and_what_the_server_never_changes_replaces() -> None:
    assert _replaced(CONFIG_MAP, _named("a"), _named("b")) == (["metadata.name"], False)
    olds = _named("a", spec={"selector": {"matchLabels": {"x": "1"}}, "replicas": 1})
    news = _named("a", spec={"selector": {"matchLabels": {"x": "2"}}, "replicas": 2})
    assert _replaced(DEPLOYMENT, olds, news) == (["spec.selector.matchLabels.x"], True)
    assert _replaced(DEPLOYMENT, olds, {**olds, "spec": {**olds["spec"], "replicas": 3}}) == ([], False)


def test_data_is_immutable_unless_the_provider_says_otherwise() -> None:
    """The official plugin's default: a changed Secret is made anew, under its own name after the old one is gone."""
    olds, news = _named("a", stringData=Secret({"k": "1"})), _named("a", stringData=Secret({"k": "2"}))
    assert _replaced(SECRET, olds, news) == (["stringData.k"], True)
    assert _replaced(SECRET, olds, news, secret_mutable=True) == ([], False)
    assert _replaced(CONFIG_MAP, _named("a", data={"k": "1"}), _named("a", data={"k": "2"})) == (["data.k"], True)
    mutable = _replaced(CONFIG_MAP, _named("a", data={"k": "1"}), _named("a", data={"k": "2"}), config_map_mutable=True)
    assert mutable == ([], False)


def test_all_of_a_secrets_data_is_secret_in_the_state() -> None:
    live = {**_named("a"), "data": {"k": "aHVudGVyMg=="}, "type": "Opaque"}
    state = state_of(SECRET, live, _named("a", stringData={"k": "hunter2"}), "m")
    assert state["data"] == Secret({"k": "aHVudGVyMg=="})
    assert state["__inputs"]["stringData"] == Secret({"k": "hunter2"})


def test_what_the_server_spells_its_own_way_is_no_drift() -> None:
    inputs = {"spec": {"cpu": "1000m", "ports": [{"port": 80}]}, "stringData": {"k": "v"}}
    live = {"spec": {"cpu": "1", "ports": [{"port": 80, "protocol": "TCP"}]}, "data": {"k": "dg=="}, "status": {"a": 1}}
    assert inputs_after(inputs, live, {**live, "status": {"a": 2}}) == inputs


def test_what_somebody_changed_is_drift() -> None:
    inputs = {"data": {"a": "1", "b": "2"}, "list": [{"port": 80}], "short": [1, 2]}
    then = {"data": {"a": "1", "b": "2"}, "list": [{"port": 80, "protocol": "TCP"}], "short": [1, 2]}
    now = {"data": {"a": "9"}, "list": [{"port": 81, "protocol": "TCP"}], "short": [1]}
    assert inputs_after(inputs, then, now) == {"data": {"a": "9"}, "list": [{"port": 81}], "short": [1]}


def _deployment(**status: int) -> dict[str, Any]:
    return {"metadata": {"generation": 2}, "spec": {"replicas": 2}, "status": status}


def test_a_deployment_is_ready_when_its_new_pods_are_there() -> None:
    assert not_ready(DEPLOYMENT, _deployment(observedGeneration=1, updatedReplicas=2, availableReplicas=2))
    assert not_ready(DEPLOYMENT, _deployment(observedGeneration=2, updatedReplicas=1, availableReplicas=2))
    assert not_ready(DEPLOYMENT, _deployment(observedGeneration=2, updatedReplicas=2)) == "availableReplicas is 0 of 2"
    assert not_ready(DEPLOYMENT, _deployment(observedGeneration=2, updatedReplicas=2, availableReplicas=2)) is None


def test_most_kinds_are_ready_at_once_and_all_if_asked() -> None:
    assert not_ready(SECRET, {"metadata": {}}) is None
    skipping = {"metadata": {"annotations": {"pulumi.com/skipAwait": "true"}, "generation": 1}, "spec": {}}
    assert not_ready(DEPLOYMENT, skipping) is None


def test_a_namespace_is_ready_when_active() -> None:
    namespace = GroupKind("", "v1", "Namespace")
    assert not_ready(namespace, {"metadata": {}, "status": {"phase": "Active"}}) is None
    assert not_ready(namespace, {"metadata": {}, "status": {"phase": "Terminating"}})
