"""Which stack's state has a tenant, and which one the files say: another one would make it anew, or delete it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.parts import environments_stack, short, stacks_of
from settings.facts import file_of
from settings.loading.load import Environment
from settings.shards import Part
from settings.types.naming import TENANT, name_of

_AT_A_TIME = 4
Homes = Mapping[str, tuple[str, ...]]
"""By tenant, the stacks whose states have it."""


def require_home(
    root: Path, name: str, environment: Environment, there: Collection[str] | None = None
) -> Mapping[str, str]:
    """The states of the environment's stacks as the engine writes them, by stack; `there`: the stacks that exist.

    Raises OperationError if a tenant is in another state than its file says, or in two.
    """
    if not environment.shards:
        return {}
    platform = environments_stack(root, name)
    states = _states(root, platform, there)
    wrong = list(misplaced(environment, _homes(states)))
    if wrong:
        raise OperationError(
            f"stack {platform}: {len(wrong)} tenants are not where their files are: {'; '.join(wrong)}"
        )
    return states


def homes_of(root: Path, platform: str) -> Homes:
    """By the states of all stacks of the environment; one that does not exist yet has none. Raises OperationError."""
    return _homes(_states(root, platform))


def _states(root: Path, platform: str, there: Collection[str] | None = None) -> Mapping[str, str]:
    there = EngineStack(root, platform).stacks() if there is None else there
    known = [each for each in stacks_of(root, platform) if short(each) in there]
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        return dict(zip(known, pool.map(lambda stack: EngineStack(root, stack).export_text(), known), strict=True))


def _homes(states: Mapping[str, str]) -> Homes:
    found: dict[str, tuple[str, ...]] = {}
    for stack, state in states.items():
        for tenant in tenants_in(json.loads(state).get("deployment") or {}):
            found[tenant] = (*found.get(tenant, ()), short(stack))
    return found


def tenants_in(deployment: Mapping[str, Any]) -> list[str]:
    """The names of the tenants whose component the state has."""
    return sorted(name_of(each["urn"]) for each in deployment.get("resources") or [] if each["type"] == TENANT)


def misplaced(environment: Environment, homes: Homes) -> Iterator[str]:
    """A line for each tenant, with the command that mends it; a tenant without a file is taken away where it is."""
    declared = {tenant.name: tenant for tenant in environment.everybody}
    for name, stacks in sorted(homes.items()):
        tenant = declared.get(name)
        wanted = Part(environment.name, tenant.shard).stack if tenant else stacks[0]
        if stacks == (wanted,):
            continue
        file = f"{file_of(environment.name, name, tenant.shard)} says {wanted}" if tenant else "it has no file"
        shard = tenant.shard if tenant else ""
        mend = f"make shard STACK={environment.name} TENANT={name} SHARD={shard or '-'}"
        yield f"tenant {name} is in the state of {' and '.join(stacks)}, and {file}: {mend}"
