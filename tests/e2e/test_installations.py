"""All published installations in one rehearsal: they deploy, and a change of each kind is told as what it is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.e2e.site import Site
from tests.field.published import TENANTS, write

_TEXTS = {
    "billing": ("debugMode: true", "debugMode: false"),
    "colours": ("team: green", "team: lime"),
    "pipelines": ("maxPods: 1", "maxPods: 2"),
    # What is together in the pod is more than the namespace has: no check adds it up.
    "slices": (
        "{limits: {nvidia.com/mig-1g.10gb: '1'}}}}",
        "{limits: {nvidia.com/mig-1g.10gb: '1'}}, initContainers: "
        "[{name: warm, image: 'python:3', resources: {limits: {nvidia.com/mig-1g.10gb: '8'}}}]}}",
    ),
    # Not a pod, as the mount has no volume.
    "model-cache": ("volumeMounts: [{name: hf-cache", "volumeMounts: [{name: hf-cash"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The installations as they are on main, and five of them changed."""
    found = Site.copy(tmp_path_factory.mktemp("site") / "project")
    write(found.root, "field", "mirrored")
    git = ["git", "-C", str(found.root), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A", ":!.venv"], ["commit", "-qm", "base"]):
        subprocess.run([*git, *command], check=True)
    for name, (old, new) in _TEXTS.items():
        file = found.root / "config" / "tenants" / "field" / f"{name}.yaml"
        text = file.read_text()
        assert old in text, name
        file.write_text(text.replace(old, new, 1))
    stack = found.root / "config" / "Pulumi.field.yaml"
    content = yaml.safe_load(stack.read_text())
    values = content["config"]["clearml-tenants:stack"]["server"]["extraValues"]
    values["apiserver"]["processes"]["count"] = 16
    values["elasticsearch"]["esJavaOpts"] = "-Xmx4g"
    stack.write_text(yaml.safe_dump(content, sort_keys=False))
    return found


@pytest.fixture(scope="module")
def comment(site: Site) -> str:
    done = site.run("--stack", "field", module="rehearsal")
    written = Path(site.root / ".rehearsal" / "field.md")
    assert done.code == 1, done.output
    assert written.is_file(), done.output
    assert len(done.errors) == 1, done.errors
    assert done.errors[0].startswith("error: slices: agent.queues.slice-1: the API server refuses its pod: ")
    assert "nvidia.com/mig-1g.10gb=8" in done.errors[0]
    return written.read_text()


def test_each_change_is_told_and_nothing_else(comment: str) -> None:
    for name in TENANTS:
        told = f"| {name} | **changed** | agent release |" in comment
        assert told == (name in _TEXTS), name


def test_what_restarts_is_told(comment: str) -> None:
    changed = ", ".join(f"{name}-agent" for name in sorted(_TEXTS))
    assert f"\n- restart: {changed}\n" in comment
    assert "what restarts, for every tenant: apiserver, elasticsearch\n" in comment


def test_what_only_the_enterprise_charts_know_is_told(comment: str) -> None:
    assert "billing: agentk8sglue.debugMode of release billing-agent is a chart value that no public page" in comment
    # A value of the public chart.
    assert "apiserver.processes of release" not in comment
    assert "dashboardReportMaxGpu of release" not in comment


def test_what_is_no_pod_is_a_warning(comment: str) -> None:
    assert "model-cache: agent.queues.default: the API server would not take its pod as it is: " in comment
