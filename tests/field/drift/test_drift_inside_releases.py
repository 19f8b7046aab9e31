"""What an operator, or a controller, does to an object that a release owns (crossplane provider-helm issue 331)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from operations.errors import OperationError
from operations.health.advice import with_remediation
from operations.health.workers import pods_health
from operations.releases import drift as module
from operations.releases.drift import drift_of, mend, missing
from operations.releases.inventory import Inventory
from operations.releases.objects import Refusal
from operations.releases.ownership import Stack
from tests.field.drift.deployment import DEPLOYMENT, alive
from tests.unit.paper_helm import AGENT, ANOTHER_STATES, FILES, HERE, KEY, OURS, SERVER, PaperHelm, cluster


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
    stack = Stack("prod", files, Inventory(frozenset({AGENT}), frozenset(), keys=frozenset({KEY})))
    mend(helm, helm.releases(), stack, told.append)
    return helm.done, told


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the API server answers to a look and to a dry run."""
    answers: dict[str, Any] = {"read": Refusal("HTTP 404 Not Found", not_there=True), "dry_run": alive()}
    monkeypatch.setattr(module, "read", lambda *_: answers["read"])
    monkeypatch.setattr(module, "dry_run", lambda *_: answers["dry_run"])
    return answers


def _scaled() -> dict[str, Any]:
    live = alive()
    live["spec"]["replicas"] = 0
    return live


def test_a_deleted_object_is_put_back_by_the_revision_that_runs() -> None:
    did, told = _mended(_helm())
    assert did == ["rollback acme-agent 1 --namespace acme"]
    assert told == ["healed: release acme/acme-agent: Deployment acme-agent is missing: put back as revision 1 has it"]


def test_a_changed_object_is_put_back() -> None:
    assert _mended(_helm(_scaled()))[0] == ["rollback acme-agent 1 --namespace acme"]


def test_a_release_as_deployed_is_left_alone() -> None:
    assert _mended(_helm(alive())) == ([], [])


def test_how_the_server_keeps_something_is_no_drift(server: dict[str, Any]) -> None:
    """What stays different when the manifest is applied would be put back at every run, for ever."""
    server["dry_run"] = _scaled()
    assert _mended(_helm(_scaled())) == ([], [])


def test_an_object_that_a_person_made_in_its_place_is_not_overwritten() -> None:
    mine = alive()
    mine["metadata"]["annotations"] = {}
    did, told = _mended(_helm(mine))
    assert did == []
    assert "not healed: release acme/acme-agent: Deployment acme-agent is not this release's any more" in told[0]
    assert "kubectl delete deployment acme-agent --namespace acme" in told[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Refusal("HTTP 422 Unprocessable Entity", unchangeable=True), "kubectl delete deployment acme-agent"),
        (Refusal("HTTP 403 Forbidden"), "with these rights the cluster does not let it be put back: HTTP 403"),
    ],
)
def test_what_cannot_be_put_back_is_told_and_the_release_stays_whole(
    server: dict[str, Any], answer: Refusal, told: str
) -> None:
    """A roll-back that fails half-way leaves a failed release."""
    server["dry_run"] = answer
    did, lines = _mended(_helm(_scaled()))
    assert did == []
    assert told in lines[0]


def test_what_may_not_be_read_is_not_called_missing(server: dict[str, Any]) -> None:
    """helm leaves out what it may not read, as it does what is gone."""
    server["read"] = Refusal("HTTP 403 Forbidden")
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
    recorded = Inventory(frozenset({AGENT}), frozenset(), keys=frozenset({KEY}))
    with pytest.raises(OperationError, match="cannot be seen"):
        mend(helm, helm.releases(), Stack("prod", FILES, recorded, be_certain=unseen), print)
    assert helm.done == []


def test_a_release_that_is_not_whole_is_healed_and_not_compared() -> None:
    assert drift_of(_helm(), AGENT, {"info": {"status": "failed"}, "manifest": DEPLOYMENT}) == []


def test_a_deleted_deployment_counts_among_the_pods_that_should_run() -> None:
    assert pods_health({"info": {"resources": {}}, "manifest": DEPLOYMENT}) == "pods 0/1 ready"


def test_a_release_that_was_uninstalled_by_hand_is_known_to_be_gone() -> None:
    helm = _helm()
    recorded = Inventory(frozenset({AGENT, SERVER}), frozenset())
    assert missing(helm.releases(), Stack("prod", FILES, recorded), helm) == [SERVER]


def test_the_engines_own_word_for_it_is_followed_by_the_way_out() -> None:
    told = with_remediation("uninstall: Release not loaded: acme-agent: release: not found")
    assert told.endswith("run this again with a refresh, which finds that: pulumi up --refresh")
