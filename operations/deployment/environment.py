"""`make up STACK=…`: the platform's stack, and after it those of its shards, each only if it has anything to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from operations.deployment.answers import Answers
from operations.deployment.complete_run import forget, written
from operations.deployment.due_shards import prepare_shards
from operations.deployment.project_files import project_digests
from operations.deployment.shards import up_shards
from operations.deployment.up import Common, Show, common_of, unchanged, up
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.releases.heal_stack import heal_stack
from operations.shards.homes import require_home
from operations.shards.parts import each_of, has_shards, raise_all, short, stacks_of
from settings.loading.load import load
from settings.shards import part_of

# As `operations.releases` begins such lines.
_ASKS_FOR_A_RUN = ("healed: ", "not there: ")


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
    common = prepare_shards(root, stack, show, everything=everything)
    platform, *shards = stacks_of(root, stack)
    if not common.files:
        for each in (platform, *shards):
            show(unchanged(EngineStack(root, each), common.records[each]))
        return
    if not shards:
        # A shard alone, which takes from the platform what it takes beside the others.
        common = common_of(EngineStack(root, stack), common)
        up(root, stack, show, everything=everything, no_run_at_work=no_run_at_work, common=common)
        return
    # What leaves a tenant goes before any other adds it, so without this one no shard may run.
    ran = up(root, platform, show, everything=everything, no_run_at_work=no_run_at_work, common=common)
    stacks = [EngineStack(root, each) for each in shards]
    if ran:
        # Where all are looked at in any case, by a preview, it does not matter who has written one.
        common = replace(common if everything else _without_written(root, common), digests=project_digests(root))
    common = common_of(EngineStack(root, platform), common)
    failures = up_shards(stacks, common, show, everything=everything, no_run_at_work=no_run_at_work, jobs=jobs)
    show(f"{short(stack)}: {len(shards) - len(failures)} of {len(shards)} shards are as their files say")
    raise_all(failures)


def _without_written(root: Path, common: Common) -> Common:
    """Without what was read of stacks that anybody has written since: a platform's run takes minutes.

    One command tells it of all. Pulumi Cloud tells another time than the state has, and then each is read again; so it
    is where the command fails, as at a state in a folder that another run is writing.
    """
    try:
        now = EngineStack(root, next(iter(common.states))).written() if common.states else {}
    except OperationError:
        now = {}
    kept = {stack: state for stack, state in common.states.items() if now.get(short(stack)) == written(state)}
    records = {stack: record for stack, record in common.records.items() if stack in kept}
    return replace(common, states=kept, records=records)


def heal_environment(root: Path, stack: str, show: Show, *, no_run_at_work: bool, alone: bool = False) -> None:
    """Heal `stack`, and if it is an environment's and not `alone`, its shards.

    A stack in which something was healed, or a release is not there any more, is run next, whatever is recorded: what
    was rolled back or uninstalled is not as its files say. Raises OperationError, ConfigurationError.
    """
    environment = load(root, short(stack))
    require_home(root, stack, environment)

    def heal(each: str) -> None:
        own = environment.of_shard(part_of(root, short(each)).shard)

        def tell(line: str) -> None:
            if line.startswith(_ASKS_FOR_A_RUN):
                forget(EngineStack(root, each))
            show(line)

        if not heal_stack(root, each, tell, own, no_run_at_work=no_run_at_work):
            show(f"stack {each}: no release has to be healed")

    each_of(root, stack, heal, alone=alone)
