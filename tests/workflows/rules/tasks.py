"""What each job does, step by step, and how: an order that loses a safeguard is a fault that no run shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from local.toolchain.catalogue import PULUMI
from tests.workflows.github.expressions import whole
from tests.workflows.github.model import ROOT, Job, Repository, Step

_PYTHON = {"python-version": "3.13"}
# The order is a safeguard, not a taste:
# - packages before any secret; `newest` before all, since an older commit has nothing to do here;
# - `heal` before the engine runs: a release that a dead run left stops every later one;
# - `inputs` before what it leaves out, and never `heal`; `record` after the run that it says was complete;
# - `due` after it: what shards have to do follows from what their platform has just done;
# - `policy` before the first `up`: some policies judge a stack as a whole, when it would be too late;
# - the ring, then a look whether it is as declared, then everybody; what failed is told last.
TASKS: Mapping[str, str] = {
    "check/test": "checkout setup-python cache check test",
    "check/affected": "checkout setup-python program affected",
    "check/rehearse": "checkout setup-python cache rehearse upload-artifact",
    # The stranger's files come after all that is installed.
    "comment/comment": "checkout setup-python program download-artifact comment",
    "deploy-stack/deploy": "checkout newest prepare check heal inputs policy ring up preview up record due status",
    "deploy-shards/summary": "checkout summary",
    "drift/drift": "checkout prepare preview shards compare drift",
    "nightly/histories": "checkout setup-python nightly broken",
    "nightly/witness": "checkout setup-python witness broken",
    # What is refused asks no reviewer; what is wrong with the files is told without a secret.
    "preview/proposal": "checkout setup-python program proposal check",
    "preview/preview": "checkout prepare proposal review",
    "prepare": "setup-python program policies install-pulumi kubeconfig",
}
_RING = "steps.ring.outputs.waiting != ''"
_CHANGED = "steps.inputs.outputs.unchanged != 'true'"
# When a step is left out; any other always runs after success.
CONDITIONS: Mapping[str, str] = {
    "broken": "failure()",
    "drift": "failure()",
    "policy": _CHANGED,
    "ring": _CHANGED,
    "up": _CHANGED,
    "record": _CHANGED,
    "policies": "inputs.policies == 'true'",
    # Also after the refresh found something: it looks into no shard, and into no release.
    "shards": "!cancelled() && steps.prepare.outcome == 'success'",
    "compare": "!cancelled() && steps.prepare.outcome == 'success'",
    # Where nothing was prepared it has nothing to ask with.
    "status": "failure() && steps.prepare.outcome == 'success'",
    # A stack whose files are wrong has a plan that says so.
    "upload-artifact": "!cancelled()",
}
_CHAIN = ("dev", "staging", "prod")
_WELL = "(needs.{0}.result == 'success' || needs.{0}.result == 'skipped')"
# A list that is missing is no empty one: the workflow then fails, where it would leave out what has to run.
_DUE = (
    "!cancelled() && needs.{0}.result == 'success' "
    "&& (needs.{0}.outputs.canaries != '[]' || needs.{0}.outputs.shards != '[]')"
)
_SOME = "needs.affected.outputs.stacks != '[]'"
JOB_CONDITIONS: Mapping[str, str] = {
    "check/rehearse": _SOME,
    "comment/comment": "github.event.workflow_run.event == 'pull_request'",
    "deploy-shards/canaries": "!cancelled() && inputs.canaries != '[]'",
    "deploy-shards/others": f"!cancelled() && inputs.shards != '[]' && {_WELL.format('canaries')}",
    "deploy-shards/summary": "!cancelled()",
    **{f"deploy/{each}-shards": _DUE.format(each) for each in _CHAIN},
    # Without a status function GitHub leaves a job out after one that was left out, as shards are that nobody has; also
    # if that was long before.
    **{
        f"deploy/{each}": f"!cancelled() && needs.{before}.result == 'success' && {_WELL.format(f'{before}-shards')}"
        for before, each in pairwise(_CHAIN)
    },
    # Without a repository to ask there is nothing to compare with.
    "nightly/witness": "vars.PUBLIC_CHARTS_REPOSITORY != ''",
    "preview/proposal": "github.event.pull_request.head.repo.full_name == github.repository",
    "preview/preview": "needs.proposal.outputs.stacks != '[]'",
}


def in_order(repository: Repository) -> Iterator[str]:
    """Every job's steps are those of the table."""
    for job in repository.jobs:
        if job.called is None:
            yield from _same(str(job), job.steps)
    for action in repository.actions:
        yield from _same(action, repository.steps_of_action(action))
    there = {str(job) for job in repository.jobs} | set(repository.actions)
    yield from (f"{name}: is not there" for name in sorted(set(TASKS) - there))


def on_condition(repository: Repository) -> Iterator[str]:
    """A step or job is left out where the table says so, and nowhere else."""
    for step, _job in repository.steps():
        expected = _RING if "exclude" in step.inputs else CONDITIONS.get(step.task)
        yield from _condition(str(step), step.data.get("if"), expected)
    for job in repository.jobs:
        yield from _condition(str(job), job.data.get("if"), JOB_CONDITIONS.get(str(job)))


def by_engine(repository: Repository) -> Iterator[str]:
    """What the engine is asked for: no output is shown, what exists is read, a gate fails on any difference."""
    for job in repository.jobs:
        steps = [step for step in job.steps if step.runs_engine]
        ups = [step for step in steps if step.inputs["command"] == "up"]
        for step in steps:
            expected = _engine_inputs(job, step, first=bool(ups) and step is not ups[-1])
            if dict(step.inputs) != expected:
                differing = sorted(
                    name for name in {*step.inputs, *expected} if step.inputs.get(name) != expected.get(name)
                )
                yield f"{step}: {', '.join(differing)}: is asked with {dict(step.inputs)}, and is to be with {expected}"


def with_inputs(repository: Repository) -> Iterator[str]:
    """The other actions get what the table says."""
    for step, job in repository.steps():
        expected = _action_inputs(step, job)
        if expected is not None and dict(step.inputs) != expected:
            yield f"{step}: is given {dict(step.inputs)}, and needs {expected}"
    for step, job in repository.steps():
        if step.action == "actions/download-artifact" and job:
            folder = str(step.inputs.get("path") or ".")
            if (ROOT / folder).exists() or PurePosixPath(folder).is_absolute() or ".." in folder:
                yield f"{step}: {folder} would put a stranger's files over this repository's"
            if folder not in {each.env.get("PLANS") for each in job.steps}:
                yield f"{step}: {folder} is not where the plans are looked for"


def _same(name: str, steps: list[Step]) -> Iterator[str]:
    found = [step.task for step in steps]
    if name not in TASKS:
        yield f"{name}: tests/workflows/rules/tasks.py does not say what it does"
    elif found != TASKS[name].split():
        yield f"{name}: does {' '.join(found)}, and is to do {TASKS[name]}"
    names = [step.data["id"] for step in steps if "id" in step.data]
    yield from (f"{name}: {one!r} is the id of two steps" for one in set(names) if names.count(one) > 1)


def _condition(where: str, found: object, expected: str | None) -> Iterator[str]:
    text = whole(found) or found
    if text != expected:
        yield f"{where}: runs if {found}, and is to if {expected or 'all went well'}"


def _engine_inputs(job: Job, step: Step, *, first: bool) -> dict[str, Any]:
    """The inputs of a run of the engine: an `up`, or a preview that has to show nothing."""
    stack = "inputs.stack" if job.workflow == "deploy-stack" else "matrix.stack"
    command = step.inputs["command"]
    common = {"command": command, "stack-name": f"${{{{ {stack} }}}}", "suppress-outputs": True}
    ring = {"exclude": "${{ steps.ring.outputs.waiting }}"}
    if command == "up":
        message = {"message": "${{ steps.inputs.outputs.message }}"}
        return {**common, "refresh": True, **(ring if first else message)}
    gate = {**common, "refresh": True, "expect-no-changes": True}
    return {**gate, **ring} if job.workflow == "deploy-stack" else {**gate, "diff": True}


def _action_inputs(step: Step, job: Job | None) -> dict[str, Any] | None:
    policies = {"policies": "true"} if job and any(each.task in ("policy", "review") for each in job.steps) else {}
    known: Mapping[str, dict[str, Any]] = {
        "setup-python": _PYTHON,
        "install-pulumi": {"pulumi-version": str(PULUMI)},
        "prepare": {"kubeconfig": "${{ secrets.KUBECONFIG_CONTENT }}", **policies},
        "cache": {"path": "~/.cache/clearml-tenants", "key": "tools-${{ hashFiles('local/toolchain/**') }}"},
        # Of a folder that starts with a dot nothing is taken unless it is said; a wrong file writes no plan.
        "upload-artifact": {
            "name": "plan-${{ matrix.stack }}",
            "path": ".rehearsal/${{ matrix.stack }}.json",
            "include-hidden-files": True,
            "if-no-files-found": "ignore",
            "retention-days": step.inputs.get("retention-days"),
        },
        "download-artifact": {
            "pattern": "plan-*",
            "path": step.inputs.get("path"),
            "run-id": "${{ github.event.workflow_run.id }}",
            "github-token": "${{ github.token }}",
        },
    }
    return known.get(step.task)


RULES = (in_order, on_condition, by_engine, with_inputs)
