"""What an operator, or a controller, does to an object that a release owns (crossplane provider-helm issue 331)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from operations.errors import OperationError
from operations.health.advice import with_remediation
from operations.health.workers import pods_health
from operations.releases import drift as module
from operations.releases.drift import drift_of, mend, missing
from operations.releases.manifest import differences, objects
from operations.releases.objects import Refused
from operations.releases.ownership import Stack
from operations.releases.recorded import Recorded
from tests.unit.paper_helm import AGENT, ANOTHER_STATES, FILES, HERE, KEY, OURS, SERVER, PaperHelm, cluster

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: acme-agent, labels: {app: agent}, creationTimestamp: null}
spec:
  replicas: 1
  template:
    spec:
      hostNetwork: false
      tolerations: []
      nodeSelector: {}
      securityContext: null
      containers:
        - name: agent
          image: agent:1
          env: [{name: A, value: "1"}]
          ports: [{containerPort: 8080}]
          resources: {limits: {cpu: 1000m, memory: 1Gi}}
      volumes: [{name: data, emptyDir: {}}]
"""
OWNED = {"meta.helm.sh/release-name": "acme-agent", "meta.helm.sh/release-namespace": "acme"}


def _live() -> dict[str, Any]:
    """As an API server keeps it: what it fills in, rounds and leaves out, and what others add."""
    found: dict[str, Any] = yaml.safe_load(DEPLOYMENT)
    found["metadata"] = {
        "name": "acme-agent",
        "namespace": "acme",
        "annotations": {**OWNED},
        "labels": {"app": "agent"},
    }
    found["spec"]["progressDeadlineSeconds"] = 600
    pod = found["spec"]["template"]["spec"]
    for left_out in ("hostNetwork", "tolerations", "nodeSelector", "securityContext"):
        del pod[left_out]
    agent = pod["containers"][0]
    agent["resources"] = {"limits": {"cpu": "1", "memory": "1Gi"}}
    agent["ports"] = [{"containerPort": 8080, "protocol": "TCP"}]
    pod["containers"].insert(0, {"name": "sidecar", "image": "mesh:1"})
    pod["volumes"].append({"name": "mesh", "emptyDir": {}})
    pod["restartPolicy"] = "Always"
    found["status"] = {"readyReplicas": 1}
    return found


def _set(found: dict[str, Any], path: str, value: object) -> None:
    *inner, last = path.split(".")
    for key in inner:
        found = found[int(key)] if isinstance(found, list) else found[key]
    found[last] = value


def test_what_the_server_fills_in_is_no_difference() -> None:
    assert differences(yaml.safe_load(DEPLOYMENT), _live()) == []


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
    live = _live()
    _set(live, path, value)
    (found,) = differences(yaml.safe_load(DEPLOYMENT), live)
    assert found.endswith(told)


def test_replicas_that_an_autoscaler_sets_are_not_ours() -> None:
    live = _live()
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


@dataclass(frozen=True)
class _Helm(PaperHelm):
    """One release with this manifest, and these objects alive."""

    manifest: str = DEPLOYMENT
    live: tuple[Mapping[str, Any], ...] = ()
    answers: list[str] = field(default_factory=list)

    def _run(self, *arguments: str) -> str:
        if arguments[0] != "status":
            return super()._run(*arguments)
        if self.answers:
            raise OperationError(self.answers[0])
        resources = {"v1/Some": list(self.live), "v1/Pod(related)": [{"kind": "PodList"}]}
        info = {"status": "deployed", "resources": resources}
        return json.dumps({"info": info, "manifest": self.manifest, "config": self.given})


def _helm(*live: Mapping[str, Any], given: Mapping[str, Any] = OURS, **more: Any) -> _Helm:
    paper = cluster(AGENT, "deployed", given=given)
    return _Helm(HERE, found=paper.found, before=paper.before, given=given, live=live, **more)


def _mended(helm: _Helm, files: Mapping[Any, str] = FILES) -> tuple[list[str], list[str]]:
    told: list[str] = []
    stack = Stack("prod", files, Recorded(frozenset({AGENT}), frozenset(), keys=frozenset({KEY})))
    mend(helm, helm.releases(), stack, told.append)
    return helm.done, told


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the API server answers to a look and to a dry run."""
    answers: dict[str, Any] = {"read": Refused("HTTP 404 Not Found", not_there=True), "dry_run": _live()}
    monkeypatch.setattr(module, "read", lambda *_: answers["read"])
    monkeypatch.setattr(module, "dry_run", lambda *_: answers["dry_run"])
    return answers


def _scaled() -> dict[str, Any]:
    live = _live()
    live["spec"]["replicas"] = 0
    return live


def test_a_deleted_object_is_put_back_by_the_revision_that_runs() -> None:
    did, told = _mended(_helm())
    assert did == ["rollback acme-agent 1 --namespace acme"]
    assert told == ["healed: release acme/acme-agent: Deployment acme-agent is missing: put back as revision 1 has it"]


def test_a_changed_object_is_put_back() -> None:
    assert _mended(_helm(_scaled()))[0] == ["rollback acme-agent 1 --namespace acme"]


def test_a_release_as_deployed_is_left_alone() -> None:
    assert _mended(_helm(_live())) == ([], [])


def test_how_the_server_keeps_something_is_no_drift(server: dict[str, Any]) -> None:
    """What stays different when the manifest is applied would be put back at every run, for ever."""
    server["dry_run"] = _scaled()
    assert _mended(_helm(_scaled())) == ([], [])


def test_an_object_that_a_person_made_in_its_place_is_not_overwritten() -> None:
    mine = _live()
    mine["metadata"]["annotations"] = {}
    did, told = _mended(_helm(mine))
    assert did == []
    assert "not healed: release acme/acme-agent: Deployment acme-agent is not this release's any more" in told[0]
    assert "kubectl delete deployment acme-agent --namespace acme" in told[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Refused("HTTP 422 Unprocessable Entity", unchangeable=True), "kubectl delete deployment acme-agent"),
        (Refused("HTTP 403 Forbidden"), "with these rights the cluster does not let it be put back: HTTP 403"),
    ],
)
def test_what_cannot_be_put_back_is_told_and_the_release_stays_whole(
    server: dict[str, Any], answer: Refused, told: str
) -> None:
    """A roll-back that fails half-way leaves a failed release."""
    server["dry_run"] = answer
    did, lines = _mended(_helm(_scaled()))
    assert did == []
    assert told in lines[0]


def test_what_may_not_be_read_is_not_called_missing(server: dict[str, Any]) -> None:
    """helm leaves out what it may not read, as it does what is gone."""
    server["read"] = Refused("HTTP 403 Forbidden")
    did, told = _mended(_helm())
    assert did == []
    assert told == ["not healed: release acme/acme-agent: Deployment acme-agent cannot be read (HTTP 403 Forbidden)"]


def test_a_job_that_ended_and_was_cleared_away_is_no_drift() -> None:
    job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\n"
    assert _mended(_helm(manifest=job)) == ([], [])


@pytest.mark.parametrize("case", ["another state's", "no key at all", "file is gone", "helm cannot say"])
def test_only_releases_of_this_stack_that_stay_are_put_back(case: str) -> None:
    files = {} if case == "file is gone" else FILES
    given = {"another state's": ANOTHER_STATES, "no key at all": {}}.get(case, OURS)
    answers = ["helm status: no matches for kind"] if case == "helm cannot say" else []
    did, told = _mended(_helm(given=given, answers=answers), files)
    assert did == []
    assert bool(told) is (case == "helm cannot say")


def test_nothing_is_put_back_while_a_run_may_be_at_work() -> None:
    def unseen() -> None:
        raise OperationError("whether a run is at work cannot be seen")

    helm = _helm()
    recorded = Recorded(frozenset({AGENT}), frozenset(), keys=frozenset({KEY}))
    with pytest.raises(OperationError, match="cannot be seen"):
        mend(helm, helm.releases(), Stack("prod", FILES, recorded, be_certain=unseen), print)
    assert helm.done == []


def test_a_release_that_is_not_whole_is_healed_and_not_compared() -> None:
    assert drift_of(_helm(), AGENT, {"info": {"status": "failed"}, "manifest": DEPLOYMENT}) == []


def test_a_deleted_deployment_counts_among_the_pods_that_should_run() -> None:
    assert pods_health({"info": {"resources": {}}, "manifest": DEPLOYMENT}) == "pods 0/1 ready"


def test_a_release_that_was_uninstalled_by_hand_is_known_to_be_gone() -> None:
    helm = _helm()
    recorded = Recorded(frozenset({AGENT, SERVER}), frozenset())
    assert missing(helm.releases(), Stack("prod", FILES, recorded), helm) == [SERVER]


def test_the_engines_own_word_for_it_is_followed_by_the_way_out() -> None:
    told = with_remediation("uninstall: Release not loaded: acme-agent: release: not found")
    assert told.endswith("run this again with a refresh, which finds that: pulumi up --refresh")
