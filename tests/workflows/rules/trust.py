"""Where a secret or a right is, whatever runs is main's: no file of a branch is checked out, used or run.

GitHub takes the workflow itself from the branch for some events, and from main for others. An environment that is bound
to main (docs/github.md) then refuses its secrets to a branch that brings a workflow of its own; these rules see to it
that no workflow of main's lets a branch's code in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.workflows.github.expressions import Read, reads
from tests.workflows.github.model import Job, Repository, Step, expressions_of

# The events whose workflow and checkout are main's; with the filters, which rights.py has, for those that need them.
_MAINS = frozenset({"push", "schedule", "workflow_dispatch", "workflow_run", "pull_request_target"})
_FILTERS: Mapping[str, object] = {"push": ["main"], "pull_request_target": ["main"]}
# How a step is told of a branch: by a variable of main's command, which takes the files as data or compares a name.
_TOLD = {
    "proposal": {"PROPOSAL"},
    "review": {"PROPOSAL", "NUMBER"},
    "comment": {"HEAD", "PROPOSAL"},
}
_ELSEWHERE = frozenset({"ref", "repository", "allow-unsafe-pr-checkout", "submodules", "path", "ssh-key", "token"})
_OF_BRANCH = ("head", "title", "body", "label", "user", "sender", "actor", "ref")


def mains_alone(repository: Repository) -> Iterator[str]:
    """A job with secrets, an environment or a right to write starts and runs as main has it."""
    for job in repository.jobs:
        if not has_power(job):
            continue
        foreign = _foreign(repository, job)
        yield from (f"{job}: {event} runs a branch's workflow where {_power(job)} is" for event in foreign)
        for step in job.steps:
            yield from _of_step(job, step)


def has_power(job: Job) -> bool:
    """Whether a stranger's code in there would do harm."""
    return bool(_power(job))


def _power(job: Job) -> str:
    if any(read.root == "secrets" for node in expressions_of(job.data) for read in reads(node)):
        return "a secret"
    if "environment" in job.data:
        return "an environment"
    return "a right to write" if "write" in str(job.permissions) else ""


def _foreign(repository: Repository, job: Job) -> Iterator[str]:
    """Its events, or those of whoever calls it, that are not main's."""
    for event, filters in repository.events(job.workflow).items():
        if event == "workflow_call":
            for caller in repository.callers(job.workflow):
                yield from _foreign(repository, caller)
        elif event not in _MAINS or (event in _FILTERS and (filters or {}).get("branches") != _FILTERS[event]):
            yield event


def _of_step(job: Job, step: Step) -> Iterator[str]:
    if step.action == "actions/checkout":
        named = sorted(_ELSEWHERE & set(step.inputs))
        yield from (f"{step}: {name} would check out something else than main" for name in named)
    if step.action == "actions/download-artifact" and _power(job) != "a right to write":
        yield f"{step}: takes a branch's files where {_power(job)} is"
    told = {read.path for name, value in step.env.items() if name in _TOLD.get(step.task, ()) for read in _read(value)}
    for read in _read(step.data):
        parts = read.path.split(".") if read.root == "github" else ()
        if any(part.startswith(_OF_BRANCH) for part in parts) and read.path not in told:
            yield f"{step}: reads {read.path}, which is a branch's to choose"


def _read(data: object) -> Iterator[Read]:
    for node in expressions_of(data):
        yield from reads(node)


RULES = (mains_alone,)
