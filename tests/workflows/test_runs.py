"""A pull request's jobs, the drift's and the night's, run step by step in fresh clones; official actions are played."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from operations.preview.comment import marker_of
from tests.workflows.conftest import BRANCH, NUMBER, STACKS, Origin, pull_request, secret
from tests.workflows.github.model import Repository
from tests.workflows.github.runner import Event, Result, Runner
from tests.workflows.github.site import Settings, Site

_PLAN = """\
test -z "$PULUMI_ACCESS_TOKEN$KUBECONFIG" && mkdir -p .rehearsal
git cat-file -e "$BASE" && printf '{"stack": "%s", "tenants": []}' "$STACK" > ".rehearsal/$STACK.json"
"""


def _by_job(results: list[Result]) -> dict[tuple[str, str], Result]:
    return {(result.job, result.stack): result for result in results}


def test_a_strangers_pull_request_is_tried_out_and_its_plan_becomes_its_comment(
    runner: Runner, site: Site, origin: Origin
) -> None:
    """Its branch is called as git allows it."""
    site.stub("test", "exit 0")
    site.stub("rehearse", _PLAN)
    results = _by_job(runner.run("check", pull_request(origin, fork=True)))
    assert {job: result.result for job, result in results.items()} == dict.fromkeys(
        [("test", ""), ("affected", ""), ("rehearse", "prod")], "success"
    )
    assert json.loads(results["affected", ""].outputs["stacks"]) == ["prod"]
    assert not [each for each in results.values() if "KUBECONFIG of" in str(each) or "TOKEN of" in str(each)]

    (comment,) = runner.run("comment", _checked(origin))
    assert (comment.result, comment.step("comment").log) == ("success", "1 comments\n")
    (written,) = site.store["comments"][str(NUMBER)]
    assert written["body"].startswith(
        f"{marker_of('prod')}\n## `prod`: nothing in its files that has a meaning differs\n\n_Main's own program"
    )
    assert "only comments, spaces or quotes differ" in written["body"]
    assert "the word of the branch's author" in written["body"]


def test_a_check_that_hands_over_no_plan_has_a_comment_all_the_same(runner: Runner, site: Site, origin: Origin) -> None:
    (comment,) = runner.run("comment", _checked(origin))
    assert (comment.result, comment.step("comment").log) == ("success", "1 comments\n")
    (written,) = site.store["comments"][str(NUMBER)]
    assert "globex.yaml" in written["body"]
    assert "the branch's own check told none" in written["body"]


def test_a_plan_is_published_although_its_check_failed(runner: Runner, site: Site, origin: Origin) -> None:
    site.stub("check", "exit 0")
    site.stub("test", "exit 1")
    site.stub("affected", """echo 'stacks=["prod"]' >> "$GITHUB_OUTPUT" """)
    site.stub("rehearse", f"{_PLAN}exit 1")
    results = _by_job(runner.run("check", pull_request(origin, fork=False)))
    assert (results["test", ""].result, results["rehearse", "prod"].result) == ("failure", "failure")
    assert results["rehearse", "prod"].done[-1] == "upload-artifact"
    runner.run("comment", _checked(origin))
    assert len(site.store["comments"][str(NUMBER)]) == 1


def test_a_run_of_another_kind_gets_no_comment(runner: Runner, origin: Origin) -> None:
    (comment,) = runner.run("comment", _checked(origin, event="push"))
    assert comment.result == "skipped"


def test_drift_of_one_stack_is_one_issue_and_hides_no_other(runner: Runner, site: Site, origin: Origin) -> None:
    site.stub("kubeconfig", "exit 0")
    site.stub("compare", "exit 0")
    (site.folder / "fails").write_text("preview staging --expect-no-changes --refresh")
    results = _by_job(runner.run("drift", Event("schedule", origin.newest)))
    found = {stack: results["drift", stack].result for stack in STACKS}
    assert found == {"dev": "success", "staging": "failure", "prod": "success"}
    (issue,) = site.store["issues"]
    assert issue["title"] == "staging has drifted"
    assert results["drift", "dev"].done[-3:] == ["preview", "shards", "compare"]
    staging = results["drift", "staging"]
    assert staging.holders(secret("TOKEN", "staging-drift")) == {"preview", "shards", "compare"}
    assert secret("TOKEN", "staging-drift") not in str(staging.step("drift"))


def test_drift_of_a_shard_is_the_same_issue(runner: Runner, site: Site, origin: Origin) -> None:
    """The engine's own action looks at the platform's stack alone."""
    site.stub("kubeconfig", "exit 0")
    site.stub("compare", "exit 0")
    site.stub("program", "ln -sf Pulumi.prod.yaml config/Pulumi.prod-01.yaml; exec /usr/bin/make program")
    (site.folder / "fails").write_text("preview prod-01 --expect-no-changes --refresh --diff")
    results = _by_job(runner.run("drift", Event("schedule", origin.newest)))
    assert {stack: results["drift", stack].result for stack in STACKS} == {
        "dev": "success", "staging": "success", "prod": "failure",
    }  # fmt: skip
    prod = results["drift", "prod"]
    assert prod.step("preview").outcome == "success"
    assert "prod-01 | error: preview failed" in prod.step("shards").log
    told = "error: stack prod: 1 of 1 shards are not as they were deployed, see above: prod-01"
    assert told in prod.step("shards").log
    assert prod.done[-3:] == ["shards", "compare", "drift"]
    assert [issue["title"] for issue in site.store["issues"]] == ["prod has drifted"]
    assert "dev: 0 shards are as they were deployed" in results["drift", "dev"].step("shards").log


def test_drift_inside_a_release_is_the_same_issue(runner: Runner, site: Site, origin: Origin) -> None:
    """No refresh finds it."""
    site.stub("kubeconfig", "exit 0")
    site.stub("compare", 'test "$STACK" != prod')
    results = _by_job(runner.run("drift", Event("schedule", origin.newest)))
    assert results["drift", "prod"].done[-4:] == ["preview", "shards", "compare", "drift"]
    assert [issue["title"] for issue in site.store["issues"]] == ["prod has drifted"]


@pytest.mark.parametrize(("end", "issues"), [("exit 1", 1), ("exit 0", 0)])
def test_a_night_that_fails_is_told(runner: Runner, site: Site, origin: Origin, end: str, issues: int) -> None:
    site.stub("nightly", end)
    runner.run("nightly", Event("schedule", origin.newest))
    assert len(site.store["issues"]) == issues


@pytest.mark.parametrize(
    ("variables", "result"), [({}, "skipped"), ({"PUBLIC_CHARTS_REPOSITORY": "charts"}, "failure")]
)
def test_public_charts_are_asked_where_a_variable_names_them(
    runner: Runner, site: Site, origin: Origin, variables: dict[str, str], result: str
) -> None:
    site.stub("nightly", "exit 0")
    site.stub("witness", 'test "$PUBLIC_CHARTS_REPOSITORY" != charts')
    runner.site = dataclasses.replace(site, own=Settings(variables=variables))
    results = _by_job(runner.run("nightly", Event("schedule", origin.newest)))
    assert results["witness", ""].result == result
    titles = [issue["title"] for issue in site.store["issues"]]
    assert titles == (["The public charts do not take all values"] if variables else [])


def test_a_job_may_do_what_its_permissions_say_and_no_more(runner: Runner, site: Site, origin: Origin) -> None:
    """The runner's own measure: taken away, the comment cannot be written."""
    plan = site.folder / "artifacts" / "1" / "plan-prod" / "prod.json"
    plan.parent.mkdir(parents=True)
    plan.write_text('{"stack": "prod", "tenants": []}')
    runner.repository = _without_write(runner.repository)
    (comment,) = runner.run("comment", _checked(origin))
    assert comment.result == "failure"
    assert "Resource not accessible by integration" in comment.step("comment").log


def _without_write(repository: Repository) -> Repository:
    job = {**repository.workflows["comment"]["jobs"]["comment"], "permissions": {"actions": "read", "contents": "read"}}
    comment = {**repository.workflows["comment"], "jobs": {"comment": job}}
    return dataclasses.replace(repository, workflows={**repository.workflows, "comment": comment})


def _checked(origin: Origin, event: str = "pull_request") -> Event:
    """`check` has ended for the pull request; this run is main's."""
    run: dict[str, Any] = {
        "id": 1,
        "event": event,
        "head_sha": origin.head,
        "head_branch": BRANCH,
        "head_repository": {"full_name": "stranger/clearml-tenants", "owner": {"login": "stranger"}},
    }
    return Event("workflow_run", origin.newest, {"workflow_run": run}, run_id=2)
