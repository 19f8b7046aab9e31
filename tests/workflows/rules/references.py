"""Whatever is read is declared, and passed on every path to where it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from operations.checkpoints import SKIP
from tests.workflows.github.expressions import Read, calls, reads, whole
from tests.workflows.github.model import Job, Repository, Step, expressions_of
from tests.workflows.github.official_actions import OFFICIAL
from tests.workflows.rules.commands import outputs_of, reads_of, targets

_ENGINE = frozenset({"PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"})
# A preview's own: an `up` in the same job has to write the state as it goes.
_OF_A_STEP = frozenset({SKIP})
# Of the context `github`: what is there in every run, and what is in the event of a kind only.
_ALWAYS = frozenset(
    [
        "github.token",
        "github.repository",
        "github.sha",
        "github.ref",
        "github.server_url",
        "github.run_id",
        "github.run_attempt",
    ]
)
_IN_EVENT: Mapping[str, frozenset[str]] = {
    "pull_request": frozenset(
        [
            "github.event.pull_request.number",
            "github.event.pull_request.base.sha",
            "github.event.pull_request.head.repo.full_name",
        ]
    ),
    "pull_request_target": frozenset(
        [
            "github.event.pull_request.number",
            "github.event.pull_request.head.sha",
            "github.event.pull_request.head.repo.full_name",
        ]
    ),
    "workflow_run": frozenset(
        [
            "github.event.workflow_run.id",
            "github.event.workflow_run.event",
            "github.event.workflow_run.head_sha",
            "github.event.workflow_run.head_branch",
            "github.event.workflow_run.head_repository.full_name",
            "github.event.workflow_run.head_repository.owner.login",
        ]
    ),
}
# A stack has either a token or a passphrase, so no secret can be required; without its inputs a call means nothing.
_INPUT = {"required": True, "type": "string"}
_SECRET = {"required": False}


def declared(repository: Repository) -> Iterator[str]:
    """Every context's entry is one that somebody declares, under that name."""
    for name, data in repository.workflows.items():
        for read in _reads({key: value for key, value in data.items() if key != "jobs"}):
            yield from _in_workflow(repository, name, read)
    for job in repository.jobs:
        for read in _reads({key: value for key, value in job.data.items() if key != "steps"}):
            yield from _in_job(repository, job, read, job.steps)
        for number, step in enumerate(job.steps):
            for read in _reads(step.data):
                yield from _in_job(repository, job, read, job.steps[:number])
    for name, action in repository.actions.items():
        known = action.get("inputs") or {}
        read_here = {read.path for step in repository.steps_of_action(name) for read in _reads(step.data)}
        yield from (
            f"{name}: {path} is no input of this action" for path in read_here - {f"inputs.{one}" for one in known}
        )
        yield from (f"{name}: input {one} is not used" for one in known if f"inputs.{one}" not in read_here)


def passed(repository: Repository) -> Iterator[str]:
    """A called workflow gets the inputs and secrets that it declares, each under its own name, and reads them all."""
    for name in repository.workflows:
        call = (repository.events(name) or {}).get("workflow_call") or {}
        yield from (
            f"{name}: workflow_call: {key} is not known" for key in set(call) - {"inputs", "secrets", "outputs"}
        )
        inputs, secrets = call.get("inputs") or {}, call.get("secrets") or {}
        read = {path.path for node in expressions_of(repository.workflows[name]) for path in reads(node)}
        for group, known in (("inputs", inputs), ("secrets", secrets)):
            yield from (
                f"{name}: {group}.{one} is declared and not read" for one in known if f"{group}.{one}" not in read
            )
        yield from (f"{name}: input {one} is {given}" for one, given in inputs.items() if given != _INPUT)
        yield from (f"{name}: secret {one} is {given}" for one, given in secrets.items() if given != _SECRET)
        for caller in repository.callers(name):
            given, handed = caller.data.get("with") or {}, caller.data.get("secrets") or {}
            yield from _fits(f"{caller} with", given, inputs)
            if not isinstance(handed, Mapping):
                yield f"{caller}: secrets are passed each by its name, not all of them ({handed})"
                continue
            if set(handed) != set(secrets):
                yield f"{caller}: passes {sorted(handed)} of the declared secrets {sorted(secrets)}"
            yield from (
                f"{caller}: secret {one} is {value!r}"
                for one, value in handed.items()
                if whole(value) != f"secrets.{one}"
            )
    for job in repository.jobs:
        if job.called is not None and "workflow_call" not in (
            repository.events(job.called) if job.called in repository.workflows else {}
        ):
            yield f"{job}: calls {job.called}, which no file here is made for"


def given(repository: Repository) -> Iterator[str]:
    """An action gets inputs that it has, and those that it requires."""
    for step, _job in repository.steps():
        if step.action in OFFICIAL:
            official = OFFICIAL[step.action]
            known = {name: {"required": name in official.required.split()} for name in official.inputs.split()}
            yield from _fits(str(step), step.inputs, known)
        elif step.action in repository.actions:
            yield from _fits(str(step), step.inputs, repository.actions[step.action].get("inputs") or {})
        elif step.action:
            yield f"{step}: uses {step.action}, which is neither here nor in tests/workflows/github/official_actions.py"


def variables(repository: Repository) -> Iterator[str]:
    """A command's variables reach it, and a step has no other."""
    for step, job in repository.steps():
        around = job.env if job else {}
        read = _read_by(step, repository)
        if read is None:
            yield f"{step}: runs {step.data.get('run')!r}, which is no make target"
            continue
        missing = read - set(step.env) - (set(around) - _OF_A_STEP)
        if step.task == "check":
            missing -= {"STACK"}  # all stacks
        yield from (f"{step}: reads {name}, which the step does not get" for name in sorted(missing))
        yield from (f"{step}: gets {name}, which it does not read" for name in sorted(set(step.env) - read))
    for job in repository.jobs:
        read_by_all = {name for step in job.steps for name in _read_by(step, repository) or ()} - _OF_A_STEP
        yield from (f"{job}: gets {name}, which no step reads" for name in sorted(set(job.env) - read_by_all))


def _read_by(step: Step, repository: Repository) -> frozenset[str] | None:
    """Variables that the step's command reads; None if it is no command that is known."""
    if step.runs_engine:
        return _ENGINE | (_OF_A_STEP if step.inputs.get("command") == "preview" else frozenset())
    if step.action:
        return frozenset()
    if step.target not in targets(repository.makefile):
        return None
    return reads_of(str(step.target), repository.makefile).all


def _fits(where: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{where}: input {name} is not known" for name in given if name not in known)
    for name, input_ in known.items():
        required = bool(input_) and input_.get("required") is True and "default" not in input_
        if required and not str(given.get(name) or "").strip():
            yield f"{where}: input {name} is required"


def _reads(data: Any) -> Iterator[Read]:
    for node in expressions_of(data):
        yield from reads(node)
        yield from (Read(f"{call.name}()", ()) for call in calls(node) if call.name in ("toJSON", "hashFiles"))


def _in_workflow(repository: Repository, workflow: str, read: Read) -> Iterator[str]:
    events = repository.events(workflow)
    known = _ALWAYS.union(*(_IN_EVENT.get(event, frozenset()) for event in events))
    match read.root:
        case "github" if read.path not in known:
            yield f"{workflow}: {read.path} is not there in a run of {', '.join(events)}"
        case "inputs":
            call = events.get("workflow_call") or {}
            if read.path.removeprefix("inputs.") not in (call.get("inputs") or {}):
                yield f"{workflow}: {read.path} is declared nowhere"
        case "secrets" if "workflow_call" in events:
            if read.path.removeprefix("secrets.") not in ((events["workflow_call"] or {}).get("secrets") or {}):
                yield f"{workflow}: {read.path} is not declared under workflow_call.secrets, so it is empty"
        case "jobs" if "workflow_call" not in events:
            yield f"{workflow}: {read.path} cannot be read there"
        case "toJSON()":
            yield f"{workflow}: toJSON shows a context whole"
        case "github" | "secrets" | "vars" | "hashFiles()" | "jobs":
            pass
        case _:
            yield f"{workflow}: {read.path} cannot be read there"


def _in_job(repository: Repository, job: Job, read: Read, before: list[Step]) -> Iterator[str]:
    parts = read.path.split(".")
    match read.root:
        case "needs":
            yield from _needed(repository, job, parts)
        case "steps":
            step = next((step for step in before if step.data.get("id") == parts[1]), None)
            if step is None:
                yield f"{job}: {read.path}: no step before has that id"
            elif parts[2] == "outputs" and parts[3] not in _outputs(step, repository):
                yield f"{job}: {read.path}: {step} has no such output"
            elif parts[2] not in ("outputs", "outcome", "conclusion"):
                yield f"{job}: {read.path}: a step has outputs, an outcome and a conclusion"
        case "matrix":
            if parts[1] not in ((job.data.get("strategy") or {}).get("matrix") or {}):
                yield f"{job}: {read.path} is not in the matrix"
        case _:
            yield from _in_workflow(repository, job.workflow, read)


def _needed(repository: Repository, job: Job, parts: list[str]) -> Iterator[str]:
    jobs = repository.workflows[job.workflow]["jobs"]
    if parts[1] not in job.needs or parts[1] not in jobs:
        yield f"{job}: {'.'.join(parts)}: the job does not need {parts[1]}"
    elif parts[2:3] == ["outputs"] and parts[3] not in _outputs_of(
        repository, Job(job.workflow, parts[1], jobs[parts[1]])
    ):
        yield f"{job}: {'.'.join(parts)}: {parts[1]} has no such output"


def _outputs_of(repository: Repository, job: Job) -> Mapping[str, Any]:
    """Those that it or, if it calls a workflow, that one declares."""
    if job.called in repository.workflows:
        return (repository.events(str(job.called)).get("workflow_call") or {}).get("outputs") or {}
    return job.data.get("outputs") or {}


def _outputs(step: Step, repository: Repository) -> frozenset[str]:
    if step.target:
        return outputs_of(step.target) if step.target in targets(repository.makefile) else frozenset()
    official = OFFICIAL.get(step.action)
    return frozenset(official.outputs.split()) if official else frozenset()


RULES = (declared, passed, given, variables)
