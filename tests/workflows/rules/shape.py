"""Only the keys that these rules know, and an end to everything that runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.workflows.github.model import Job, Repository, Step

_WORKFLOW = frozenset(["name", "on", "permissions", "concurrency", "jobs"])
_JOB = frozenset(
    [
        "name",
        "needs",
        "if",
        "runs-on",
        "timeout-minutes",
        "environment",
        "concurrency",
        "permissions",
        "outputs",
        "strategy",
        "env",
        "steps",
    ]
)
_CALL = frozenset(["needs", "if", "concurrency", "strategy", "permissions", "uses", "with", "secrets"])
_STEP = frozenset(["id", "name", "if", "uses", "with", "env", "run", "timeout-minutes"])
_ACTION = frozenset(["name", "description", "inputs", "runs"])
# GitHub ends a job of its own machines then.
_LONGEST = 360
_SHORTEST = 10
# What may take long beside the engine.
_LONG = ("heal", "policy", "compare", "shards", "nightly", "witness")
# What of a job takes no longer than this needs no end of its own; all of it together, in minutes.
_REST = 15


def known_keys(repository: Repository) -> Iterator[str]:
    """No `continue-on-error`, `container`, `defaults` and the like, which change what the other rules see."""
    for name, data in repository.workflows.items():
        yield from _unknown(name, data, _WORKFLOW)
        if data.get("name") != name:
            yield f"{name}: calls itself {data.get('name')!r}"
    for job in repository.jobs:
        yield from _unknown(str(job), job.data, _CALL if job.called else _JOB)
        if job.called is None and job.data.get("runs-on") != "ubuntu-latest":
            yield f"{job}: runs on {job.data.get('runs-on')}, not on GitHub's own machines"
    for step, owner in repository.steps():
        yield from _unknown(str(step), step.data, _STEP if owner else _STEP | {"shell"})
        if owner is None and "run" in step.data and step.data.get("shell") != "bash":
            yield f"{step}: an action's command names its shell"
        if len({"run", "uses"} & set(step.data)) != 1:
            yield f"{step}: either runs or uses something"
    for name, action in repository.actions.items():
        yield from _unknown(name, action, _ACTION)
        yield from _unknown(f"{name} runs", action["runs"], frozenset({"using", "steps"}))
        if action["runs"].get("using") != "composite":
            yield f"{name}: is no list of steps"
        yield from (
            f"{name}: input {one} is {given}" for one, given in (action.get("inputs") or {}).items() if not _safe(given)
        )


def ends(repository: Repository) -> Iterator[str]:
    """Every job ends by itself, and where a failure is told, each long step before the job does: a job that is ended
    for its time is cancelled, and tells nothing."""
    for job in repository.jobs:
        if job.called is not None:
            continue
        limit = job.data.get("timeout-minutes")
        if not isinstance(limit, (int, float)) or not _SHORTEST <= limit <= _LONGEST:
            yield f"{job}: has no timeout-minutes, or none between {_SHORTEST} and {_LONGEST}"
        elif any("failure()" in str(step.data.get("if")) for step in job.steps):
            yield from _told_in_time(job, limit)


def _told_in_time(job: Job, limit: float) -> Iterator[str]:
    long = [step for step in job.steps if step.runs_engine or step.task in _LONG]
    yield from (f"{step}: needs timeout-minutes" for step in long if _minutes(step) < _SHORTEST)
    took = sum(_minutes(step) for step in job.steps)
    if took + _REST > limit:
        yield f"{job}: ends after {limit:.0f} minutes, and its steps may take {took:.0f}: nobody would be told"


def _minutes(step: Step) -> float:
    minutes = step.data.get("timeout-minutes", 0)
    return minutes if isinstance(minutes, (int, float)) else 0


def _unknown(where: str, data: Any, known: frozenset[str]) -> Iterator[str]:
    yield from (f"{where}: {key}: no rule knows what this does here" for key in data if key not in known)


def _safe(given: Any) -> bool:
    if set(given) - {"description", "required", "default"}:
        return False
    return bool(given.get("description")) and (given.get("required") is True or given.get("default") == "false")


RULES = (known_keys, ends)
