"""The commands that only a workflow's steps call; each gets the variables that it names, and no other."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from operations.deployment.complete_run import record, verdict
from operations.deployment.due_shards import due_shards, prepare_shards
from operations.deployment.shard_drift import require_no_drift
from operations.deployment.side_by_side import jobs_of
from operations.deployment.up import current_inputs, unchanged
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.github.affected import OWN, affected, changed_since, named_in
from operations.github.canary import excluded_targets
from operations.github.proposal import take_proposal
from operations.github.publish import publish_drift, publish_nightly, publish_plans
from operations.github.runner import keep_kubeconfig, output
from operations.github.stack_preview import publish_preview
from operations.github.variables import required
from operations.shards.parts import short, stacks_of
from settings.loading.load import load
from settings.shards import environments

Variables = Mapping[str, str]
# The most jobs that GitHub makes of a matrix; of a longer one it makes none.
_MATRIX = 256


@dataclass(frozen=True)
class Step:
    """What a step does, and the only variables that it gets: those of `reads` must be set."""

    what: str
    run: Callable[[Path, Variables], None]
    reads: tuple[str, ...]
    may_read: tuple[str, ...] = ()

    def start(self, root: Path, variables: Variables) -> None:
        """Run it. Raises OperationError, ConfigurationError."""
        given = {name: required(variables, name) for name in self.reads}
        self.run(root, given | {name: variables[name] for name in self.may_read if name in variables})


def _affected(root: Path, variables: Variables) -> None:
    known = environments(root)
    touched = affected(changed_since(root, variables["BASE"]), known, named_in(root, known))
    output("stacks", json.dumps(touched), variables)


def _proposal(root: Path, variables: Variables) -> None:
    """Main's stacks, before anything of the branch is there."""
    known = environments(root)
    paths = take_proposal(root, variables["PROPOSAL"], known)
    for path in paths or ["nothing"]:
        print(f"{path}: taken from {variables['PROPOSAL']}")
    output("stacks", json.dumps(affected(paths, known, named_in(root, known))), variables)


def _review(root: Path, variables: Variables) -> None:
    publish_preview(root, variables, ENGINE[1:], *GH)


def _inputs(root: Path, variables: Variables) -> None:
    engine = EngineStack(root, variables["STACK"])
    if len(stacks_of(root, engine.name)) > 1:
        prepare_shards(root, engine.name, partial(print, flush=True))
    inputs = current_inputs(engine)
    found = verdict(engine, inputs)
    same = found.last if not found.reason and not _is_run_again(variables) else None
    print(unchanged(engine, same) if same else f"{engine.name}: runs, since {found.reason or 'this job is run again'}")
    output("unchanged", "true" if same else "false", variables)
    output("message", inputs.message, variables)


def _is_run_again(variables: Variables) -> bool:
    """Whoever runs a job again wants it to run, whatever is recorded."""
    return variables.get("GITHUB_RUN_ATTEMPT", "1") != "1"


def _due(root: Path, variables: Variables) -> None:
    stack, ring = variables["STACK"], variables.get("RING", "").split()
    found = due_shards(root, stack, ring, partial(print, flush=True), everything=_is_run_again(variables))
    count = len(found.canaries) + len(found.others)
    if count > _MATRIX:
        raise OperationError(
            f"stack {stack}: {count} shards have anything to do, and GitHub makes at most {_MATRIX} jobs of a list: "
            f"run make up STACK={stack} with the deploy's secrets, or let the operator deploy them (docs/operator.md)"
        )
    output("canaries", json.dumps(found.canaries), variables)
    output("shards", json.dumps(found.others), variables)


def _record(root: Path, variables: Variables) -> None:
    engine = EngineStack(root, variables["STACK"])
    missing = record(engine, current_inputs(engine))
    print(f"{engine.name}: {f'the next run looks at everything again: {missing}' if missing else 'recorded'}")


def _ring(root: Path, variables: Variables) -> None:
    ring = variables.get("RING", "").split()
    waiting = _waiting(root, variables["STACK"], ring) if ring else []
    output("waiting", "\n".join(waiting), variables)


def _waiting(root: Path, stack: str, ring: list[str]) -> list[str]:
    environment = load(root, short(stack))
    return excluded_targets(environment, ring, EngineStack(root, stack).deployment().get("resources") or [])


def _comment(root: Path, variables: Variables) -> None:
    """Of main's stacks, whatever the artifacts are called."""
    services = [stack for stack in environments(root) if stack != OWN]
    print(f"{publish_plans(root, root / variables['PLANS'], variables, services)} comments")


def _drift(_root: Path, variables: Variables) -> None:
    publish_drift(variables["REPOSITORY"], variables["STACK"], variables["RUN_URL"])


def _shards(root: Path, variables: Variables) -> None:
    require_no_drift(root, variables["STACK"], partial(print, flush=True), jobs_of(variables.get("JOBS", "")))


def _broken(_root: Path, variables: Variables) -> None:
    publish_nightly(variables.get("GITHUB_JOB", ""), variables["REPOSITORY"], variables["RUN_URL"])


def _kubeconfig(_root: Path, variables: Variables) -> None:
    print(f"{keep_kubeconfig(variables)}: written")


_OUTPUTS = ("GITHUB_OUTPUT",)
# What the commands read that a step starts in its turn: `pulumi`, and GitHub's own.
ENGINE = ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE")
GH = ("GH_TOKEN",)
STEPS: Mapping[str, Step] = {
    "affected": Step("which stacks differ from BASE", _affected, ("BASE",), _OUTPUTS),
    "proposal": Step(
        "lay what PROPOSAL, a branch's commit, has below config/ over main's files, as data",
        _proposal,
        ("PROPOSAL",),
        _OUTPUTS,
    ),
    "review": Step(
        "preview STACK with its secrets and the policies, and put that under pull request NUMBER of REPOSITORY",
        _review,
        ("STACK", "REPOSITORY", "NUMBER", "PROPOSAL", *GH),
        ENGINE,
    ),
    "inputs": Step(
        "say whether nothing of STACK changed since its last complete run, unless this job is run again",
        _inputs,
        ("STACK",),
        ("GITHUB_RUN_ATTEMPT", *ENGINE, *_OUTPUTS),
    ),
    "due": Step(
        "which shards of STACK have anything to do, those with a tenant in RING apart; all if this job is run again",
        _due,
        ("STACK",),
        ("RING", "GITHUB_RUN_ATTEMPT", *ENGINE, *_OUTPUTS),
    ),
    "record": Step("record that the run of STACK which has just ended was complete", _record, ("STACK",), ENGINE),
    "ring": Step(
        "the engine's exclusions while the tenants in RING of STACK go first",
        _ring,
        ("STACK",),
        ("RING", *ENGINE, *_OUTPUTS),
    ),
    "comment": Step(
        "put what PROPOSAL changes in the files, and the plans in PLANS, under the pull request of HEAD in REPOSITORY",
        _comment,
        ("PLANS", "REPOSITORY", "HEAD", "PROPOSAL", *GH),
    ),
    "shards": Step(
        "fail if what exists of a shard of STACK is not what was deployed; without shards there is nothing to do",
        _shards,
        ("STACK",),
        ("JOBS", *ENGINE),
    ),
    "drift": Step(
        "say in an issue of REPOSITORY that STACK has drifted, as RUN_URL found",
        _drift,
        ("REPOSITORY", "STACK", "RUN_URL", *GH),
    ),
    "broken": Step(
        "say in an issue of REPOSITORY what failed in the night, as RUN_URL found",
        _broken,
        ("REPOSITORY", "RUN_URL", *GH),
        ("GITHUB_JOB",),
    ),
    "kubeconfig": Step(
        "keep KUBECONFIG_CONTENT for later steps",
        _kubeconfig,
        (),
        ("KUBECONFIG_CONTENT", "RUNNER_TEMP", "GITHUB_ENV"),
    ),
}


def add_commands(group: click.Group) -> None:
    """Let the command line know them; the group's object is the project's folder."""
    for name, step in STEPS.items():
        group.add_command(_command(name, step))


def _command(name: str, step: Step) -> click.Command:
    @click.command(name, help=f"{step.what[0].upper()}{step.what[1:]}.")
    @click.pass_obj
    def command(root: Path) -> None:
        step.start(root, os.environ)

    return command
