"""Runs a workflow as GitHub does: which jobs, in which order, with which secrets, variables and rights."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.workflows.github.evaluation import evaluate, fill, to_text, truth
from tests.workflows.github.expressions import Node, condition
from tests.workflows.github.job_run import JobRun, StepRun
from tests.workflows.github.model import Job, Repository
from tests.workflows.github.site import REPOSITORY, Settings, Site


@dataclass(frozen=True)
class Event:
    """What started a run: `payload` is `github.event`; of a fork's pull request a job gets no secret and only reads."""

    name: str
    sha: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    fork: bool = False
    run_id: int = 1


@dataclass(frozen=True)
class Result:
    """One job's, of one entry of its matrix."""

    job: str
    stack: str
    result: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[StepRun, ...] = ()

    def step(self, task: str, number: int = 0) -> StepRun:
        """The step of that task, the first one if there are several."""
        return [step for step in self.steps if step.task == task][number]

    @property
    def done(self) -> list[str]:
        """The tasks that were not left out."""
        return [step.task for step in self.steps if step.outcome != "skipped"]

    def holders(self, value: str) -> set[str]:
        """The tasks that were given this value, as a variable or an input."""
        return {step.task for step in self.steps if value in {*step.env.values(), *step.inputs.values()}}


@dataclass(frozen=True)
class _Call:
    """How a workflow was called: None of it where an event started it."""

    inputs: Mapping[str, Any]
    secrets: Mapping[str, str]
    name: str = ""
    shown: str = ""


@dataclass(frozen=True)
class _Ended:
    """A job's result as `needs` has it, those of all in it and before it, and its outputs."""

    result: str
    all: frozenset[str]
    outputs: Mapping[str, str]


@dataclass
class Runner:
    """Runs workflows of `repository` on `site`; every job in a folder of its own below `folder`."""

    repository: Repository
    site: Site
    folder: Path
    _number: int = 0

    def run(self, workflow: str, event: Event) -> list[Result]:
        """All jobs of it, those of called workflows too."""
        return list(self._jobs(workflow, event, None, {}))

    def _jobs(self, workflow: str, event: Event, call: _Call | None, ended: dict[str, _Ended]) -> Iterator[Result]:
        """In an order that their needs allow; `ended` gets them by their names."""
        waiting = [job for job in self.repository.jobs if job.workflow == workflow]
        while waiting:
            job = next(job for job in waiting if set(job.needs) <= set(ended))
            waiting.remove(job)
            outputs: dict[str, str] = {}
            results = list(self._job(job, event, call, {name: ended[name] for name in job.needs}, outputs))
            before = {result for name in job.needs for result in ended[name].all}
            ended[job.name] = _Ended(_of_all(results), frozenset(before | {each.result for each in results}), outputs)
            yield from results

    def _job(
        self, job: Job, event: Event, call: _Call | None, needs: Mapping[str, _Ended], outputs: dict[str, str]
    ) -> Iterator[Result]:
        contexts = self._contexts(job, event, call)
        contexts["needs"] = {name: {"result": of.result, "outputs": of.outputs} for name, of in needs.items()}
        functions = _status({result for of in needs.values() for result in of.all})
        name = f"{call.name}/{job.name}" if call else job.name
        if not truth(_value(condition(job.data.get("if", True)), contexts, functions)):
            yield Result(name, "", "skipped")
            return
        matrix = _filled((job.data.get("strategy") or {}).get("matrix") or {}, contexts)
        assert matrix.get("stack") != [], f"{job}: GitHub refuses a matrix that is empty"
        for entry in [{"stack": stack} for stack in matrix["stack"]] if matrix else [{}]:
            with_entry = {**contexts, "matrix": entry}
            shown = _shown(job, with_entry, call)
            if job.called:
                yield from self._called(job, event, with_entry, _Call({}, {}, name, shown), outputs)
                continue
            result = self._run(name, job, event, call, with_entry)
            self.site.ended(event.run_id, shown, result.result)
            outputs.update(result.outputs)
            yield result

    def _contexts(self, job: Job, event: Event, call: _Call | None) -> dict[str, Any]:
        self._number += 1
        token = f"ghs_{self._number}_{job.name}"
        permissions = job.permissions if isinstance(job.permissions, dict) else {}
        reading = dict.fromkeys(permissions, "read") if event.fork else permissions
        self.site.grant(token, reading)
        github = {
            "token": token,
            "job": job.name,
            "repository": REPOSITORY,
            "sha": event.sha,
            "server_url": "https://github.com",
            "run_id": event.run_id,
            "event_name": event.name,
            "event": event.payload,
        }
        contexts = {
            "github": github,
            "vars": dict(self.site.own.variables),
            "inputs": dict(call.inputs) if call else {},
        }
        # A workflow that is called and calls another one in its turn has what it was given.
        return {**contexts, "secrets": dict(call.secrets)} if call and job.called else contexts

    def _called(
        self, job: Job, event: Event, contexts: Mapping[str, Any], call: _Call, outputs: dict[str, str]
    ) -> Iterator[Result]:
        """The called workflow has the secrets that it declares and that are passed, and no other."""
        caller = contexts["secrets"] if "secrets" in contexts else dict(self.site.own.secrets)
        own = {**contexts, "secrets": {} if event.fork else caller}
        made_for = self.repository.events(str(job.called))["workflow_call"]
        declared = made_for.get("secrets") or {}
        passed = {name: to_text(_filled(value, own)) for name, value in (job.data.get("secrets") or {}).items()}
        assert set(passed) <= set(declared), f"{job} passes a secret that {job.called} does not declare"
        ended: dict[str, _Ended] = {}
        call = replace(call, inputs=_filled(job.data["with"], own), secrets=passed)
        yield from self._jobs(str(job.called), event, call, ended)
        jobs = {"jobs": {each: {"outputs": of.outputs} for each, of in ended.items()}}
        for output, of_jobs in (made_for.get("outputs") or {}).items():
            outputs[output] = to_text(_filled(of_jobs["value"], jobs))

    def _run(self, name: str, job: Job, event: Event, call: _Call | None, contexts: dict[str, Any]) -> Result:
        environment = to_text(_filled(job.data.get("environment", ""), contexts))
        settings = self.site.environments.get(environment, Settings()) if environment else Settings()
        contexts["vars"] = {**contexts["vars"], **settings.variables}
        contexts["secrets"] = {} if event.fork else _secrets(self.site.own, settings, call)
        around = {**(self.repository.workflows[job.workflow].get("env") or {}), **job.env}
        env = {key: to_text(_filled(value, contexts)) for key, value in around.items()}
        folder = self.folder / f"job-{self._number}-{contexts['matrix'].get('stack', '')}"
        run = JobRun(self.site, self.repository, folder, contexts, env)
        run.run(job.steps)
        outputs = _filled(job.data.get("outputs") or {}, run.contexts)
        stack = contexts["matrix"].get("stack") or contexts["inputs"].get("stack", "")
        return Result(name, stack, "failure" if run.failed else "success", outputs, tuple(run.runs))


def _secrets(own: Settings, of_environment: Settings, call: _Call | None) -> dict[str, str]:
    """Those of the job's environment win; a called workflow has no other names than were passed to it."""
    if call is None:
        return {**own.secrets, **of_environment.secrets}
    return {name: of_environment.secrets.get(name, value) for name, value in call.secrets.items()}


def _of_all(results: list[Result]) -> str:
    """Of a matrix, or of a called workflow: what was left out in there is no failure."""
    found = {result.result for result in results}
    return next((each for each in ("failure", "success") if each in found), "skipped")


def _shown(job: Job, contexts: Mapping[str, Any], call: _Call | None) -> str:
    """As GitHub's pages and its API call a job."""
    own = to_text(_filled(job.data.get("name", job.name), contexts))
    stack = contexts["matrix"].get("stack")
    own = f"{own} ({stack})" if stack and "name" not in job.data else own
    return f"{call.shown} / {own}" if call else own


def _filled(value: Any, contexts: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(each, contexts) for name, each in value.items()}
    return fill(value, lambda node: _value(node, contexts, {})) if isinstance(value, str) else value


def _value(node: Node, contexts: Mapping[str, Any], functions: Mapping[str, Any]) -> Any:
    return evaluate(node, contexts, functions)


def _status(before: Collection[str]) -> Mapping[str, Any]:
    """`before`: how all jobs ended that a job needs, and those that these need; also each within a called workflow.

    One that was left out there keeps `success()` from being true: github.com/orgs/community/discussions/189172.
    """
    return {
        "success": lambda: all(result == "success" for result in before),
        "failure": lambda: "failure" in before,
        "always": lambda: True,
        "cancelled": lambda: False,
    }
