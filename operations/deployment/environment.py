"""`make up STACK=…`: the platform's stack, and after it those of its shards, each only if it has anything to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from operations.deployment.up import up
from operations.errors import OperationError
from operations.releases.heal_stack import heal_stack
from operations.shards.homes import require_home
from operations.shards.parts import each_of, failures_of, has_shards, raise_all, require_stacks, short, stacks_of
from settings.loading.load import load

Show = Callable[[str], None]


def up_environment(root: Path, stack: str, show: Show, *, everything: bool, no_run_at_work: bool) -> None:
    """Deploy `stack`, and if it is an environment's, its shards one after the other; one that fails stops no other.

    Raises ConfigurationError, and OperationError: the platform's run is not complete, a tenant is not in the stack that
    its file says, or some shards' runs are not complete.
    """
    deploy = partial(up, root, show=show, everything=everything, no_run_at_work=no_run_at_work)
    if not has_shards(root, stack):
        # Without reading a tenant's file: most often nothing has changed.
        deploy(stack)
        return
    environment = load(root, short(stack))
    environment.require_values()
    require_stacks(root, stack, show)
    require_home(root, stack, environment)
    platform, *shards = stacks_of(root, stack)
    # What leaves a tenant goes before any other adds it, so without this one no shard may run.
    deploy(platform)
    failures = failures_of(shards, partial(_deploy_shard, deploy, show))
    if shards:
        show(f"{short(stack)}: {len(shards) - len(failures)} of {len(shards)} shards are as their files say")
    raise_all(failures)


def heal_environment(root: Path, stack: str, *, no_run_at_work: bool) -> None:
    """Heal `stack`, and if it is an environment's, its shards. Raises OperationError, ConfigurationError."""
    if has_shards(root, stack):
        require_home(root, stack, load(root, short(stack)))

    def heal(each: str) -> None:
        if not heal_stack(root, each, no_run_at_work=no_run_at_work):
            print(f"stack {each}: no release has to be healed")

    each_of(root, stack, heal)


def _deploy_shard(deploy: Callable[[str], None], show: Show, stack: str) -> None:
    """Why a shard's run is not complete is told at once, since others follow. Raises OperationError."""
    try:
        deploy(stack)
    except OperationError as error:
        show(f"{short(stack)}: {error}")
        raise
