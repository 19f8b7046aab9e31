"""Takes a tenant out of the program's hands in an environment with shards: out of the states of two stacks.

Its resources are in the state of its shard, its sign-in rules in that of the platform, which would take them away.
"""

from __future__ import annotations

from pathlib import Path

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.release_tenant import forget, is_known, release_tenant, require_releasable, told_of
from operations.shards.homes import homes_of
from operations.shards.lock import moves_alone
from operations.shards.parts import beside, environments_stack, has_shards, short
from settings.facts import file_of
from settings.shards import Part, part_of, tenant_files


def release(root: Path, name: str, tenant: str, *, no_run_at_work: bool) -> list[str]:
    """As `release_tenant`, of whichever of the environment's stacks has the tenant; `name` is any of them.

    Raises OperationError, also while a tenant is moved, or if a move of this one was killed; then nothing is written.
    """
    if not has_shards(root, name):
        return release_tenant(root, name, tenant, no_run_at_work=no_run_at_work)
    platform = environments_stack(root, name)
    with moves_alone(root, EngineStack(root, platform)):
        return _release(root, platform, tenant, no_run_at_work=no_run_at_work)


def _release(root: Path, platform: str, tenant: str, *, no_run_at_work: bool) -> list[str]:
    environment = short(platform)
    homes = homes_of(root, platform).get(tenant, ())
    shards = [shard for shard, path in tenant_files(root, environment) if path.stem == tenant]
    if len(homes) > 1:
        raise OperationError(
            f"tenant {tenant} is in the states of {' and '.join(homes)}: "
            f"make shard STACK={environment} TENANT={tenant} SHARD={(shards or [''])[0] or '-'}, then run this again"
        )
    stacks = [platform, *(beside(platform, part_of(root, home)) for home in homes if home != environment)]
    engines = [EngineStack(root, stack) for stack in stacks]
    # All are looked at before one is written.
    states = [require_releasable(engine, tenant, no_run_at_work=no_run_at_work) for engine in engines]
    if not shards and not any(is_known(exported, tenant) for exported in states):
        raise OperationError(
            f"stack {platform}: no state and no file of it or of its shards has a tenant {tenant}: see `make status`"
        )
    # The platform first: while a state has the resources, a killed command finds the tenant again.
    forgotten = [forget(engine, exported, tenant) for engine, exported in zip(engines, states, strict=True)]
    home = Part(environment, shards[0]).stack if shards and not homes else (homes or (environment,))[0]
    return told_of(tenant, home, sum(forgotten), [file_of(environment, tenant, shard) for shard in shards])
