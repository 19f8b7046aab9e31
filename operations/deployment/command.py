"""`make up`: the command line of a stack's deploy."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from operations.command_line import NO_RUN_AT_WORK, STACK, require_stack
from operations.deployment.environment import up_environment
from operations.deployment.side_by_side import jobs_of


@click.command()
@STACK
@click.option("--all", "everything", envvar="ALL", is_flag=True, help="Also if nothing differs; or ALL=yes.")
@NO_RUN_AT_WORK
@click.option(
    "--jobs", envvar="JOBS", default="", help="How many shards at a time; or the variable JOBS=4. The cores by default."
)
@click.pass_obj
def up(root: Path, stack: str, everything: bool, no_run_at_work: bool, jobs: str) -> None:
    """Deploy a stack, unless nothing differs from its last complete run."""
    require_stack(stack, "up")
    show = partial(print, flush=True)
    up_environment(root, stack, show, everything=everything, no_run_at_work=no_run_at_work, jobs=jobs_of(jobs))
