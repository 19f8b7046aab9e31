"""Which of an environment's shards have anything to do, and which of them go first: what the deploy workflow runs."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from operations.deployment.complete_run import is_of, records_of
from operations.deployment.project_files import project_digests
from operations.deployment.side_by_side import side_by_side
from operations.deployment.up import Common, Show, ValidFiles, common_of, current_inputs, due_run
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.homes import require_home, states_of
from operations.shards.parts import environments_stack, require_stacks, short, stacks_of
from settings.shards import Part, part_of


@dataclass(frozen=True)
class DueShards:
    """Names of stacks: those with a canary tenant, and the others, which wait for them."""

    canaries: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def due_shards(root: Path, stack: str, canary: Collection[str], show: Show, *, everything: bool) -> DueShards:
    """Of the environment whose platform `stack` is, after the platform's run; none of a shard or without shards.

    `canary`: names of tenants. Raises ConfigurationError, OperationError.
    """
    _, *shards = stacks_of(root, stack)
    if not shards:
        return DueShards()
    files = ValidFiles.read(root, short(stack))
    environment = files.environment
    common = common_of(EngineStack(root, stack), Common(EngineStack(root, stack).version(), files=files))
    ask = partial(_is_due, root, common, show, everything=everything)
    asked = side_by_side(shards, ask, os.cpu_count() or 1)
    due = [shard for shard, is_due in zip(shards, asked, strict=True) if is_due]
    parts = {Part(environment.name, each.shard) for each in environment.everybody if each.shard and each.name in canary}
    first = tuple(each for each in due if part_of(root, short(each)) in parts)
    return DueShards(first, tuple(each for each in due if each not in first))


def _is_due(root: Path, common: Common, show: Show, shard: str, *, everything: bool) -> bool:
    """One whose state cannot be read stops no other: its own job will say so."""
    try:
        due = due_run(EngineStack(root, shard), show, everything=everything, common=common)
    except OperationError as error:
        show(f"{short(shard)}: {error}")
        return True
    if due:
        show(f"{short(shard)}: has to run, since {due.reason}")
    return due is not None


def prepare_shards(root: Path, stack: str, show: Show, *, everything: bool = True) -> Common:
    """Before a run of `stack`: each of its shards has a stack, and every tenant is in the one that its file says.

    What was read for it is handed on. Unless `everything` is asked for, no file is checked where all stacks are
    unchanged: files of a complete run were valid, and tenants at home. Raises ConfigurationError, OperationError.
    """
    stacks = stacks_of(root, stack)
    with ThreadPoolExecutor() as pool:
        # Processes of their own, which have the other cores while this one reads the files.
        version = pool.submit(EngineStack(root, stack).version)
        records, states = pool.submit(records_of, root, stacks), pool.submit(states_of, root, stacks)
        digests = project_digests(root)
        common = Common(version.result(), records=records.result(), digests=digests)
        due = everything or not _have_same_inputs(root, stacks, common)
        files = ValidFiles.read(root, short(stack)) if due else None
        common = replace(common, states=states.result())
    if not due and all(each in common.states and is_of(common.records[each], common.states[each]) for each in stacks):
        return common
    files = files or ValidFiles.read(root, short(stack))
    if len(common.states) < len(stacks):
        require_stacks(root, stack, show)
    require_home(root, stack, files.environment, common.states)
    return replace(common, files=files)


def _have_same_inputs(root: Path, stacks: Sequence[str], common: Common) -> bool:
    """As in the complete run of each."""
    if any(each not in common.records for each in stacks):
        return False
    known = common_of(EngineStack(root, environments_stack(root, stacks[0])), common)
    inputs = {each: current_inputs(EngineStack(root, each), known).digest for each in stacks}
    return all(inputs[each] and inputs[each] == common.records[each].inputs for each in stacks)
