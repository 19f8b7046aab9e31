"""`make up STACK=…`: the platform's stack, and after it those of its shards, each only if it has anything to do."""

from __future__ import annotations

from pathlib import Path

from operations.deployment.answers import Answers
from operations.deployment.due_shards import prepare_shards
from operations.deployment.shards import up_shards
from operations.deployment.up import Show, common_of, up
from operations.engine import EngineStack
from operations.releases.heal_stack import heal_stack
from operations.shards.homes import require_home
from operations.shards.parts import each_of, has_shards, raise_all, short, stacks_of
from settings.loading.load import load


def up_environment(
    root: Path,
    stack: str,
    show: Show,
    *,
    everything: bool,
    no_run_at_work: bool,
    jobs: int = 1,
    answers: Answers | None = None,
) -> None:
    """Deploy `stack`, and if it is an environment's, at most `jobs` of its shards at a time; one that fails stops none.

    `answers`: what the engine was asked already of a stack without shards.

    Raises ConfigurationError, and OperationError: the platform's run is not complete, a tenant is not in the stack that
    its file says, or some shards' runs are not complete.
    """
    if not has_shards(root, stack):
        # Without reading a tenant's file: most often nothing has changed.
        up(root, stack, show, everything=everything, no_run_at_work=no_run_at_work, answers=answers)
        return
    common = prepare_shards(root, stack, show)
    platform, *shards = stacks_of(root, stack)
    # What leaves a tenant goes before any other adds it, so without this one no shard may run.
    up(root, platform, show, everything=everything, no_run_at_work=no_run_at_work, common=common)
    if not shards:
        return
    stacks = [EngineStack(root, each) for each in shards]
    # Who has run a shard in the minutes of the platform's run has recorded another state of it than was read before.
    common = common_of(EngineStack(root, platform), common)
    failures = up_shards(stacks, common, show, everything=everything, no_run_at_work=no_run_at_work, jobs=jobs)
    show(f"{short(stack)}: {len(shards) - len(failures)} of {len(shards)} shards are as their files say")
    raise_all(failures)


def heal_environment(root: Path, stack: str, show: Show, *, no_run_at_work: bool, alone: bool = False) -> None:
    """Heal `stack`, and if it is an environment's and not `alone`, its shards.

    Raises OperationError, ConfigurationError.
    """
    if has_shards(root, stack):
        require_home(root, stack, load(root, short(stack)))

    def heal(each: str) -> None:
        if not heal_stack(root, each, show, no_run_at_work=no_run_at_work):
            show(f"stack {each}: no release has to be healed")

    each_of(root, stack, heal, alone=alone)
