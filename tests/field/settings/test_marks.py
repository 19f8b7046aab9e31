"""Labels and annotations with a prefix: which honest ones pass, and that the line which refuses others says how."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from components.value_conflicts import load
from settings.errors import ConfigurationError
from settings.finding import Finding
from tests.unit.asked import ACME, TENANT, project

_STACK = "config/Pulumi.test.yaml"
_PLACE = "agentk8sglue.basePodTemplate.labels"
_USUAL = (
    *("team", "cost-center", "app.kubernetes.io/part-of", "tags.datadoghq.com/env", "tags.datadoghq.com/service"),
    *(
        "prometheus.io/scrape",
        "k8s.grafana.com/scrape",
        "checksum/config",
        "linkerd.io/inject",
        "sidecar.istio.io/inject",
    ),
    *("karpenter.sh/do-not-disrupt", "cluster-autoscaler.kubernetes.io/safe-to-evict", "reloader.stakater.com/auto"),
    *("ad.datadoghq.com/task.logs", "ad.datadoghq.com/tags", "co.elastic.logs/enabled", "kueue.x-k8s.io/queue-name"),
)


def _root(folder: Path, kind: str, *names: str, grants: list[str] | None = None) -> Path:
    root = project(folder / "project")
    tenant = {**yaml.safe_load(TENANT)}
    tenant["agent"] = {"queues": {"default": {}}, "basePodTemplate": {kind: dict.fromkeys(names, "a")}}
    (root / ACME).write_text(yaml.safe_dump(tenant))
    if grants:
        content = yaml.safe_load((root / _STACK).read_text())
        content["config"]["clearml-tenants:stack"]["tenantRules"] = {"tenants": {"acme": {"chartValues": grants}}}
        (root / _STACK).write_text(yaml.safe_dump(content))
    return root


def _refusals(root: Path) -> list[Finding]:
    try:
        load(root, "test")
    except ConfigurationError as error:
        return [*error.findings]
    return []


@pytest.mark.parametrize("kind", ["labels", "annotations"])
def test_what_people_usually_write_passes(tmp_path: Path, kind: str) -> None:
    assert _refusals(_root(tmp_path, kind, *_USUAL)) == []


def test_the_line_grants_each_and_no_other(tmp_path: Path) -> None:
    """It named the whole of a pod's labels, by which any injector of the cluster's is open too."""
    names = ("example.com/owner", "example.com/team")
    (told,) = _refusals(_root(tmp_path / "before", "labels", "team", *names))
    grants = [f"{_PLACE}.{name}" for name in names]
    assert f"tenantRules: {{tenants: {{acme: {{chartValues: [{', '.join(grants)}]}}}}}}" in told.message
    assert told.message.startswith("'example.com/owner', 'example.com/team' may be read by something")
    assert _refusals(_root(tmp_path / "after", "labels", *names, grants=grants)) == []
    (other,) = _refusals(_root(tmp_path / "other", "labels", *names, "example.com/more", grants=grants))
    assert other.message.startswith("'example.com/more' may be read")


def test_many_are_one_short_line_and_a_name_of_odd_letters_is_no_part_of_the_grant(tmp_path: Path) -> None:
    odd = "example.com/x]}, other: {chartValues: [agentk8sglue"
    (told,) = _refusals(_root(tmp_path, "labels", "a.example/1", "a.example/2", "a.example/3", "a.example/4", odd))
    assert told.message.startswith("'a.example/1', 'a.example/2', 'a.example/3' and 2 more may be read")
    assert "other: " not in told.message
    assert told.message.endswith(f"{_PLACE}.a.example/4]}}}}}}")
