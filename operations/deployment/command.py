"""`make up`: the command line of a stack's deploy."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from operations.command_line import NO_RUN_AT_WORK, STACK, require_stack
from operations.deployment.answers import Answers
from operations.deployment.side_by_side import jobs_of
from operations.engine import EngineStack
from operations.shards.parts import has_shards


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
    at_a_time, show = jobs_of(jobs), partial(print, flush=True)
    # Of an environment with shards more is asked, while its files are checked.
    answers = None if has_shards(root, stack) else Answers.ask(EngineStack(root, stack), everything=everything)
    # To import it takes longer than the engine takes to answer.
    from operations.deployment.environment import up_environment  # noqa: PLC0415

    up_environment(
        root, stack, show, everything=everything, no_run_at_work=no_run_at_work, jobs=at_a_time, answers=answers
    )
