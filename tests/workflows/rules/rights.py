"""Who may do what: events, permissions, environments, and which step has which secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.workflows.github.expressions import reads, whole
from tests.workflows.github.model import Job, Repository, Step, expressions_of
from tests.workflows.rules.commands import reads_of, targets

_STRANGERS = ("pull_request", "pull_request_target")
# What starts each workflow, and nothing else does. A run by hand is of somebody who may write to the repository.
EVENTS: Mapping[str, Mapping[str, Any]] = {
    "check": {"pull_request": None},
    # It runs with rights on what a stranger started, so with main's code alone.
    "comment": {"workflow_run": {"workflows": ["check"], "types": ["completed"]}},
    "deploy": {"push": {"branches": ["main"]}},
    "drift": {"schedule": None, "workflow_dispatch": None},
    "nightly": {"schedule": None, "workflow_dispatch": None},
    # So does this: with `pull_request` the branch's own workflow would run where the secrets are.
    "preview": {"pull_request_target": {"branches": ["main"]}},
}
_DAILY = re.compile(r"\d+ \d+ \* \* \*")
_READ = {"contents": "read"}
_DEPLOYED = ("dev", "staging", "prod")
# What a job may do beyond reading this repository's files.
PERMISSIONS: Mapping[str, Mapping[str, str]] = {
    "comment/comment": {"actions": "read", "pull-requests": "write"},
    "deploy-stack/deploy": {"deployments": "read"},
    "deploy-shards/canaries": {"deployments": "read"},
    "deploy-shards/others": {"deployments": "read"},
    "deploy-shards/summary": {"actions": "read"},
    **{f"deploy/{environment}": {"deployments": "read"} for environment in _DEPLOYED},
    **{f"deploy/{each}-shards": {"actions": "read", "deployments": "read"} for each in _DEPLOYED},
    "drift/drift": {"issues": "write"},
    "nightly/histories": {"issues": "write"},
    "nightly/witness": {"issues": "write"},
    "preview/preview": {"pull-requests": "write"},
}
# What is compared or taken is there with the whole history alone.
_HISTORY = frozenset({"BASE", "PROPOSAL"})
_OWN_BRANCH = "github.event.pull_request.head.repo.full_name == github.repository"


def started(repository: Repository) -> Iterator[str]:
    """A workflow is started by its own events; one that is called, by that alone."""
    for name in repository.workflows:
        events = repository.events(name)
        if repository.callers(name):
            if set(events) != {"workflow_call"}:
                yield f"{name}: is called by others, and must not start by {sorted(events)}"
        elif set(events) != set(EVENTS.get(name, {})):
            yield f"{name}: starts by {sorted(events)}: tests/workflows/rules/rights.py says what starts it"
        else:
            yield from (
                f"{name}: {event} is filtered otherwise: {filters}"
                for event, filters in events.items()
                if event != "schedule" and filters != EVENTS[name][event]
            )
        times = events.get("schedule", [{"cron": "0 0 * * *"}]) or []
        if len(times) != 1 or set(times[0]) != {"cron"} or not _DAILY.fullmatch(times[0]["cron"]):
            yield f"{name}: runs at {times}, not once a day"
        known = {data["name"] for data in repository.workflows.values()}
        watched = (events.get("workflow_run") or {}).get("workflows") or []
        yield from (f"{name}: waits for {other!r}, and no workflow is called so" for other in set(watched) - known)


def permitted(repository: Repository) -> Iterator[str]:
    """A workflow grants nothing, a job what it needs, a caller what the called job needs."""
    for name, data in repository.workflows.items():
        if data.get("permissions") != {}:
            yield f"{name}: grants {data.get('permissions')!r} to all jobs; each job asks for its own"
    for job in repository.jobs:
        expected = {**_READ, **PERMISSIONS.get(str(job), {})}
        if job.permissions != expected:
            yield f"{job}: has the permissions {job.permissions}, and needs {expected}"
        for called in [each for each in repository.jobs if each.workflow == job.called]:
            if not (called.permissions or {}).items() <= (job.permissions or {}).items():
                yield f"{job}: grants less than {called} asks for"


def of_secrets(repository: Repository) -> Iterator[str]:
    """Secrets reach the steps that use them and no other, and only a job of an environment has any."""
    for name, data in repository.workflows.items():
        outside = {key: value for key, value in data.items() if key != "jobs"}
        yield from (f"{name}: reads {path} for all jobs" for path in _secrets(outside))
    for job in repository.jobs:
        outside = {key: value for key, value in job.data.items() if key not in ("steps", "secrets")}
        yield from (f"{job}: reads {path} for all steps" for path in _secrets(outside))
        if _secrets(job.data) and job.called is None and "environment" not in job.data:
            yield f"{job}: has secrets and no environment"
        if "environment" in job.data and job.data["environment"] != _environment(job):
            yield f"{job}: its environment is {job.data['environment']}, not {_environment(job)}"
    for step, _job in repository.steps():
        places = [
            *step.env.items(),
            *([("kubeconfig", step.inputs.get("kubeconfig"))] if step.task == "prepare" else []),
        ]
        right = [path for name, value in places for path in [whole(value) or ""] if path == _secret_of(name)]
        if sorted(right) != sorted(_secrets(step.data)):
            yield f"{step}: has a secret where none belongs: {_secrets(step.data)}"
    yield from _strangers(repository)


def _secret_of(name: str) -> str:
    return "secrets.KUBECONFIG_CONTENT" if name == "kubeconfig" else f"secrets.{name}"


def _strangers(repository: Repository) -> Iterator[str]:
    for job in repository.jobs:
        by = [event for event in repository.events(job.workflow) if event in _STRANGERS]
        powers = _secrets(job.data) or "write" in str(job.permissions) or "environment" in job.data
        if by and powers and not _for_own_branches(repository, job):
            yield f"{job}: a stranger's pull request would reach secrets or write without if: {_OWN_BRANCH}"


def _for_own_branches(repository: Repository, job: Job) -> bool:
    if job.data.get("if") == _OWN_BRANCH:
        return True
    jobs = repository.workflows[job.workflow]["jobs"]
    passes_skips = any(word in str(job.data.get("if")) for word in ("always", "failure", "cancelled"))
    needed = [Job(job.workflow, name, jobs[name]) for name in job.needs if name in jobs]
    return not passes_skips and any(_for_own_branches(repository, each) for each in needed)


def of_code(repository: Repository) -> Iterator[str]:
    """Only this repository's code at the run's own commit is checked out, without a token that stays, and only make
    targets are run, without a text that GitHub puts into them."""
    for step, _job in repository.steps():
        if "run" in step.data and step.target not in targets(repository.makefile):
            yield f"{step}: runs {step.data['run']!r}: a step is one make target, and text from outside is a variable"
        if step.action == "actions/checkout":
            whole_history = bool(_job) and any(_HISTORY & _reads(each, repository) for each in _job.steps)  # type: ignore[union-attr]
            expected = {"persist-credentials": False, **({"fetch-depth": 0} if whole_history else {})}
            if step.inputs != expected:
                yield f"{step}: checks out with {dict(step.inputs)}, and is to with {expected}"
        uses = str(step.data.get("uses", ""))
        if uses and not re.fullmatch(r"\./\.github/actions/[a-z-]+|[\w.-]+/[\w.-]+@[0-9a-f]{40}", uses):
            yield f"{step}: {uses} is not pinned by a commit"
    for job in repository.jobs:
        if job.called is None and (job.data.get("uses") or not job.steps):
            yield f"{job}: runs what is not in this repository"
        if _holds(job) and any(step.action == "actions/cache" or "cache" in step.inputs for step in job.steps):
            yield f"{job}: has rights or secrets and takes what a cache holds, which other runs can write"


def of_packages(repository: Repository) -> Iterator[str]:
    """Where secrets or rights are, nothing is installed but what is used there, and that before any step has them."""
    recipes = targets(repository.makefile)
    for job in repository.jobs:
        if not _holds(job) or job.workflow == "nightly":  # it plays tests; a job's last step alone has the right
            continue
        tasks = [task for step in job.steps for task in (step.target, *_of_action(step, repository)) if task in recipes]
        for task in tasks:
            needed = recipes[str(task)].partition("\n")[0]
            if re.search(r"(?<!wildcard )\$\(VENV\)/\.ready", needed) or "tools" in needed:
                yield f"{job}: make {task} installs what only development needs: {needed.strip()}"
        starting = [task for task in tasks if "$(PROGRAM)" in recipes[str(task)]]
        if starting and "program" not in tasks[: tasks.index(starting[0])]:
            yield f"{job}: make {starting[0]} runs before make program"
        if {"policy", "review"} & set(tasks) and "policies" not in tasks:
            yield f"{job}: the policies would install its packages where secrets are"


def _of_action(step: Step, repository: Repository) -> list[str | None]:
    steps = repository.steps_of_action(step.action) if step.action in repository.actions else []
    return [each.target for each in steps if "if" not in each.data or step.inputs.get("policies") == "true"]


def same_version(repository: Repository) -> Iterator[str]:
    """An action is used at one commit everywhere."""
    found: dict[str, set[str]] = {}
    for step, _job in repository.steps():
        action, _, commit = str(step.data.get("uses", "")).partition("@")
        found.setdefault(action, set()).add(commit)
    yield from (f"{action}: is used at {len(commits)} commits" for action, commits in found.items() if len(commits) > 1)


def _holds(job: Job) -> bool:
    return bool(_secrets(job.data)) or "environment" in job.data or "write" in str(job.permissions)


def _reads(step: Step, repository: Repository) -> frozenset[str]:
    return (
        reads_of(step.target, repository.makefile).all if step.target in targets(repository.makefile) else frozenset()
    )


def _environment(job: Job) -> str | None:
    """A job that changes a stack has its environment; a preview that somebody lets run, and one that runs each morning,
    have each their own, whose credentials only read."""
    if any(step.task == "review" for step in job.steps):
        return "${{ matrix.stack }}-preview"
    commands = {step.inputs["command"] for step in job.steps if step.runs_engine}
    if not commands:
        return None
    # A shard's job is in the environment that the shard is of.
    return "${{ inputs.environment }}" if commands - {"preview"} else "${{ matrix.stack }}-drift"


def _secrets(data: Any) -> list[str]:
    return [read.path for node in expressions_of(data) for read in reads(node) if read.root == "secrets"]


RULES = (started, permitted, of_secrets, of_code, of_packages, same_version)
