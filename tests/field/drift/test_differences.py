"""What counts as a change of an object, and what is the server's, a controller's or an autoscaler's own."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import yaml

from operations.releases.manifest import differences, objects
from tests.field.drift.deployment import DEPLOYMENT, alive


def _set(found: dict[str, Any], path: str, value: object) -> None:
    *inner, last = path.split(".")
    for key in inner:
        found = found[int(key)] if isinstance(found, list) else found[key]
    found[last] = value


def test_what_the_server_fills_in_is_no_difference() -> None:
    assert differences(yaml.safe_load(DEPLOYMENT), alive()) == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("spec.replicas", 0, "spec.replicas"),
        ("metadata.labels.app", "mine", "metadata.labels.app"),
        ("spec.template.spec.containers.1.image", "agent:2", "spec.template.spec.containers[agent].image"),
        ("spec.template.spec.containers.1.env", [], "spec.template.spec.containers[agent].env[A]"),
        ("spec.template.spec.containers.1.resources", {"limits": {"cpu": "2", "memory": "1Gi"}}, "limits.cpu"),
        ("spec.template.spec.containers.1.resources", {}, "resources.limits"),
        ("spec.template.spec.hostNetwork", True, "spec.template.spec.hostNetwork"),
        ("spec.template.spec.tolerations", [{"operator": "Exists"}], "spec.template.spec.tolerations"),
        ("spec.template.spec.containers", [], "spec.template.spec.containers[agent]"),
    ],
)
def test_a_change_by_hand_is_told_by_its_path(path: str, value: object, told: str) -> None:
    live = alive()
    _set(live, path, value)
    (found,) = differences(yaml.safe_load(DEPLOYMENT), live)
    assert found.endswith(told)


def test_replicas_that_an_autoscaler_sets_are_not_ours() -> None:
    live = alive()
    live["spec"]["replicas"] = 7
    entry = {"manager": "kubectl", "operation": "Update", "subresource": "scale"}
    live["metadata"]["managedFields"] = [entry]
    assert differences(yaml.safe_load(DEPLOYMENT), live) == ["spec.replicas"]
    live["metadata"]["managedFields"] = [{**entry, "manager": "kube-controller-manager"}]
    assert differences(yaml.safe_load(DEPLOYMENT), live) == []


def test_a_secret_is_compared_as_it_is_kept_and_never_shown() -> None:
    wanted = {"kind": "Secret", "stringData": {"a": "plain"}, "data": {"b": "eHh4\n"}}
    kept = {"a": base64.b64encode(b"plain").decode(), "b": "eHh4"}
    assert differences(wanted, {"kind": "Secret", "data": kept}) == []
    assert differences(wanted, {"kind": "Secret", "data": {**kept, "a": "b3RoZXI="}}) == ["data.a"]


def test_a_list_is_its_objects_and_dates_and_empty_documents_are_no_trouble() -> None:
    text = "---\n# only a comment\n---\nkind: ConfigMapList\nitems: [{kind: ConfigMap, data: {day: 2026-11-28}}]\n"
    assert objects(text) == [{"kind": "ConfigMap", "data": {"day": "2026-11-28"}}]
