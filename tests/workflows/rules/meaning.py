"""What each variable of a step means: the same wherever it is given, and about one stack in a job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from operations.checkpoints import SKIP
from tests.workflows.github.expressions import reads
from tests.workflows.github.model import Repository, expressions_of

_STACK = ("inputs.stack", "matrix.stack")
# Where each variable's value comes from, wherever it is given.
MEANING: Mapping[str, tuple[str, ...]] = {
    "ALONE": ("true",),
    "BASE": ("${{ github.event.pull_request.base.sha }}",),
    "CANARIES": ("${{ inputs.canaries }}",),
    "COMMIT": ("${{ github.sha }}",),
    "ENVIRONMENT": ("${{ inputs.environment }}",),
    "GH_TOKEN": ("${{ github.token }}",),
    "HEAD": (
        "${{ github.event.workflow_run.head_repository.owner.login }}:${{ github.event.workflow_run.head_branch }}",
    ),
    "JOBS": ("${{ vars.JOBS }}",),
    "KUBECONFIG_CONTENT": ("${{ inputs.kubeconfig }}",),
    "NO_RUN_AT_WORK": ("${{ vars.NO_RUN_AT_WORK }}",),
    "NUMBER": ("${{ github.event.pull_request.number }}",),
    "PLANS": ("plans",),
    "PUBLIC_CHARTS_REPOSITORY": ("${{ vars.PUBLIC_CHARTS_REPOSITORY }}",),
    "PROPOSAL": ("${{ github.event.pull_request.head.sha }}", "${{ github.event.workflow_run.head_sha }}"),
    "PULUMI_ACCESS_TOKEN": ("${{ secrets.PULUMI_ACCESS_TOKEN }}",),
    "PULUMI_BACKEND_URL": ("${{ vars.PULUMI_BACKEND_URL }}",),
    "PULUMI_CONFIG_PASSPHRASE": ("${{ secrets.PULUMI_CONFIG_PASSPHRASE }}",),
    SKIP: ("true",),
    "REPOSITORY": ("${{ github.repository }}",),
    "RING": ("${{ vars.CANARY_TENANTS }}",),
    "RUN_ID": ("${{ github.run_id }}",),
    "RUN_URL": ("${{ github.server_url }}/${{ github.repository }}/actions/runs/${{ github.run_id }}",),
    "SHARDS": ("${{ inputs.shards }}",),
    "STACK": tuple(f"${{{{ {stack} }}}}" for stack in _STACK),
}


def in_meaning(repository: Repository) -> Iterator[str]:
    """A variable means the same wherever it is given, and a job is about one stack."""
    for where, env in _environments(repository):
        for name, value in env.items():
            if name not in MEANING:
                yield f"{where}: gives {name}, of which tests/workflows/rules/meaning.py does not know what it is"
            elif value not in MEANING[name]:
                yield f"{where}: {name} is {value!r}, and is to be {' or '.join(MEANING[name])}"
    for job in repository.jobs:
        said = {read.path for node in expressions_of(job.data) for read in reads(node)} & set(_STACK)
        if len(said) > 1:
            yield f"{job}: is about {' and '.join(sorted(said))}"
        from_run = "workflow_run" in repository.events(job.workflow)
        for step in job.steps:
            commit = step.env.get("PROPOSAL")
            if commit and ("workflow_run" in commit) != from_run:
                yield f"{step}: PROPOSAL is {commit}"


def _environments(repository: Repository) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, data in repository.workflows.items():
        yield name, data.get("env") or {}
    for job in repository.jobs:
        yield str(job), job.env
    for step, _job in repository.steps():
        yield str(step), step.env


RULES = (in_meaning,)
