"""Which jobs wait for which, and which never run beside each other: stacks, shards, and runs that would meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.workflows.github.expressions import parse, reads, whole
from tests.workflows.github.model import ROOT, Repository

_STACKS = {
    "check": "fromJSON(needs.affected.outputs.stacks)",
    "deploy-shards/canaries": "fromJSON(inputs.canaries)",
    "deploy-shards/others": "fromJSON(inputs.shards)",
    "preview": "fromJSON(needs.proposal.outputs.stacks)",
}


def one_at_a_time(repository: Repository) -> Iterator[str]:
    """Runs that would meet wait for each other, and none that holds rights is ended half-way."""
    for job in repository.jobs:
        # The platform takes rules away, which an older run's shards could add again beside it: they have its group.
        own = {"group": f"stack-{job.name.removesuffix('-shards')}", "cancel-in-progress": False}
        expected = own if job.called == "deploy-shards" else None
        if job.called is not None and job.data.get("concurrency") != expected:
            yield f"{job}: its concurrency is {job.data.get('concurrency')}, and is to be {expected}"
    for name, data in repository.workflows.items():
        jobs = [job for job in repository.jobs if job.workflow == name and job.called is None]
        said = [(name, data.get("concurrency")), *((str(job), job.data.get("concurrency")) for job in jobs)]
        found = [(where, concurrency) for where, concurrency in said if concurrency is not None]
        callers = repository.callers(name)
        needed = 0 if callers and all("concurrency" in job.data for job in callers) else 1
        if jobs and len(found) != needed:
            yield f"{name}: has {len(found)} lines of concurrency, and needs {needed}"
        for where, concurrency in found:
            # A run that may write is never ended; a check of what was pushed over is.
            expected = {"group": _GROUPS.get(name), "cancel-in-progress": name == "check"}
            if concurrency != expected:
                yield f"{where}: its concurrency is {concurrency}, and is to be {expected}"


_GROUPS: Mapping[str, str] = {
    "check": "check-${{ github.event.pull_request.number }}",
    "comment": "comment-${{ github.event.workflow_run.head_repository.full_name }}"
    "-${{ github.event.workflow_run.head_branch }}",
    "deploy-stack": "stack-${{ inputs.stack }}",
    "drift": "drift-${{ matrix.stack }}",
    "nightly": "nightly",
    "preview": "preview-${{ matrix.stack }}-${{ github.event.pull_request.number }}",
}


def for_every_stack(repository: Repository) -> Iterator[str]:
    """Each stack has its own run, whatever becomes of the others; a deploy waits for the stack before it."""
    stacks = {file.name.split(".")[1] for file in (ROOT / "config").glob("Pulumi.*.yaml")} - {"local"}
    for job in repository.jobs:
        strategy = job.data.get("strategy")
        if strategy is None and "matrix." in str(job.data):
            yield f"{job}: has no matrix"
        if strategy is None:
            continue
        matrix = (strategy.get("matrix") or {}).get("stack")
        bound = {"max-parallel"} if job.called else set()
        if set(strategy) != {"fail-fast", "matrix"} | bound or strategy["fail-fast"] is not False:
            yield f"{job}: one stack's failure would end the others' runs"
        if set(strategy.get("matrix") or {}) != {"stack"}:
            yield f"{job}: its matrix is {strategy.get('matrix')}"
        elif isinstance(matrix, list) and set(matrix) != stacks:
            yield f"{job}: is of {sorted(matrix)}, and the stacks are {sorted(stacks)}"
        elif not isinstance(matrix, list) and whole(matrix) != _STACKS.get(job.workflow, _STACKS.get(str(job))):
            yield f"{job}: its stacks are {matrix}"
        needed = (read for text in _texts(matrix) for read in reads(parse(text)) if read.root == "needs")
        for name in {read.path.split(".")[1] for read in needed}:
            if name not in job.needs:
                yield f"{job}: does not wait for {name}"
    yield from _chain(repository, stacks)


def _chain(repository: Repository, stacks: set[str]) -> Iterator[str]:
    deploys = [job for job in repository.jobs if job.called == "deploy-stack" and job.workflow == "deploy"]
    shards = {job.name: job for job in repository.jobs if job.called == "deploy-shards"}
    if {job.name for job in deploys} != stacks or len(deploys) != len(stacks):
        yield f"deploy: deploys {sorted(job.name for job in deploys)}, and the stacks are {sorted(stacks)}"
    for before, job in zip([None, *deploys], deploys, strict=False):
        if job.needs != ([before.name, f"{before.name}-shards"] if before else []):
            yield f"{job}: waits for {job.needs}, and is to for the stack before it and its shards"
        if job.data.get("with") != {"stack": job.name, "environment": job.name}:
            yield f"{job}: deploys {job.data.get('with')}"
        own = shards.pop(f"{job.name}-shards", None)
        lists = {name: f"${{{{ needs.{job.name}.outputs.{name} }}}}" for name in ("canaries", "shards")}
        if not own or own.needs != [job.name] or own.data.get("with") != {"environment": job.name, **lists}:
            yield f"{job}: its shards are not deployed after it"
    yield from (f"{job}: is of no environment" for job in shards.values())
    yield from _matrices(repository)
    order = [job.name for job in deploys]
    if order and order[-1] != "prod":
        yield f"deploy: prod is the last, not {order[-1]}"


def _matrices(repository: Repository) -> Iterator[str]:
    """A shard's job is told its stack and its environment; canaries before all others."""
    there = {job.name for job in repository.jobs if job.workflow == "deploy-shards"}
    if there != {"canaries", "others", "summary"}:
        yield f"deploy-shards: has the jobs {sorted(there)}"
    for job in repository.jobs:
        if job.called == "deploy-stack" and job.workflow != "deploy":
            given = {"stack": "${{ matrix.stack }}", "environment": "${{ inputs.environment }}"}
            if job.data.get("with") != given or job.needs != _BEFORE.get(str(job)):
                yield f"{job}: deploys {job.data.get('with')} after {job.needs}"
            if job.data["strategy"].get("max-parallel") != _AT_A_TIME:
                yield f"{job}: is not bound to {_AT_A_TIME} at a time"
    summary = repository.workflows["deploy-shards"]["jobs"]["summary"]
    if summary.get("needs") != ["canaries", "others"]:
        yield "deploy-shards: the summary is of jobs that have not ended"


_AT_A_TIME = 10
_BEFORE = {"deploy-shards/canaries": [], "deploy-shards/others": ["canaries"]}


def _texts(value: object) -> list[str]:
    text = whole(value)
    return [text] if text else []


RULES = (one_at_a_time, for_every_stack)
