"""What a job tells those after it: outputs of its steps, and of a called workflow those of its jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.workflows.github.expressions import Read, reads, whole
from tests.workflows.github.model import Job, Repository, expressions_of


def told(repository: Repository) -> Iterator[str]:
    """Each output is a step's or a job's of the same name, and somebody reads it."""
    for job in repository.jobs:
        yield from (
            f"{job}: output {name} is {value!r}, which is no output of a step"
            for name, value in (job.data.get("outputs") or {}).items()
            if not re.fullmatch(r"steps\.[a-z]+\.outputs\.[a-z]+", whole(value) or "")
        )
    for name in repository.workflows:
        yield from _of_workflow(repository, name)


def _of_workflow(repository: Repository, workflow: str) -> Iterator[str]:
    """A called workflow's outputs are those of its jobs under the same names; what nobody reads is none."""
    outputs = ((repository.events(workflow) or {}).get("workflow_call") or {}).get("outputs") or {}
    jobs = [job for job in repository.jobs if job.workflow == workflow]
    known = {f"jobs.{job.name}.outputs.{name}" for job in jobs for name in job.data.get("outputs") or {}}
    for name, output in outputs.items():
        path = whole(output.get("value")) or ""
        if set(output) != {"description", "value"} or path not in known or not path.endswith(f".{name}"):
            yield f"{workflow}: output {name} is {output}, which is no output of a job"
    needed = {read.path.split(".", 2)[2] for job in repository.jobs for read in _reads(job) if read.root == "needs"}
    yield from (
        f"{job}: output {name} is read by no job"
        for job in jobs
        for name in job.data.get("outputs") or {}
        if f"outputs.{name}" not in needed
    )


def _reads(job: Job) -> Iterator[Read]:
    for node in expressions_of(job.data):
        yield from reads(node)


RULES = (told,)
