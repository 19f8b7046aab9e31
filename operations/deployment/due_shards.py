"""Which of an environment's shards have anything to do, and which of them go first: what the deploy workflow runs."""

from __future__ import annotations

import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from operations.deployment.side_by_side import side_by_side
from operations.deployment.up import Common, Show, ValidFiles, common_of, due_run
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.homes import require_home, states_of
from operations.shards.parts import require_stacks, short, stacks_of
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


def prepare_shards(root: Path, stack: str, show: Show) -> Common:
    """Before a run of `stack`: each of its shards has a stack, and every tenant is in the one that its file says.

    What was read for it is handed on. Raises ConfigurationError, OperationError.
    """
    stacks = stacks_of(root, stack)
    with ThreadPoolExecutor() as pool:
        # Processes of their own, which have the other cores while this one checks the files.
        version, states = pool.submit(EngineStack(root, stack).version), pool.submit(states_of, root, stacks)
        files = ValidFiles.read(root, short(stack))
        common = Common(version.result(), files=files, states=states.result())
    if len(common.states) < len(stacks):
        require_stacks(root, stack, show)
    require_home(root, stack, files.environment, common.states)
    return common
