"""Which stack's state has a tenant, and which one the files say: another one would make it anew, or delete it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.shards.first_outputs import told_shards
from operations.shards.parts import beside, environments_stack, short, stacks_of
from settings.facts import file_of, stack_file_of
from settings.listing import listing
from settings.loading.load import Environment
from settings.shards import Part
from settings.types.naming import TENANT, name_of

_AT_A_TIME = 4
Homes = Mapping[str, tuple[str, ...]]
"""By tenant, the stacks whose states have it."""
States = Mapping[str, str]
"""By stack, its state as the engine writes it."""


def require_home(root: Path, name: str, environment: Environment, states: States | None = None) -> None:
    """Raises OperationError if a tenant is in another state than its file says, or in two."""
    wrong = away_from_home(root, name, environment, states)
    if wrong:
        raise OperationError(
            f"stack {environments_stack(root, name)}: tenants are not where their files are: {'; '.join(wrong)}"
        )


def away_from_home(root: Path, name: str, environment: Environment, states: States | None = None) -> list[str]:
    """A line for each tenant that is in another state than its file says, or in two, with the command that mends it.

    `states`: of the stacks that were asked already. A shard whose state has just the tenants of its files needs no
    other's, and so the job of each of forty shards reads one state. Raises OperationError.
    """
    known = dict(states_of(root, [name]) if states is None else states)
    if environment.shard and set(homes_in({name: known.get(name, "{}")})) == {
        each.name for each in environment.tenants
    }:
        return []
    platform = environments_stack(root, name)
    known.update(states_of(root, [each for each in stacks_of(root, platform) if each not in known]))
    return [*_without_link(root, platform, environment, known), *misplaced(environment, homes_in(known))]


def _without_link(root: Path, platform: str, environment: Environment, known: States) -> Iterator[str]:
    """A line for each shard that the platform's state tells of, whose state has tenants, and whose link is not here.

    So in a checkout of before the first tenant moved, which would make those tenants a second time.
    """
    told = told_shards(json.loads(known.get(platform, "{}")).get("deployment") or {})
    parts = [Part(environment.name, shard) for shard in sorted({*told} - {*environment.shards})]
    found = homes_in(states_of(root, [beside(platform, part) for part in parts]))
    for part in parts:
        tenants = [tenant for tenant, stacks in found.items() if part.stack in stacks]
        if tenants:
            own, link = Path(stack_file_of(environment.name)).name, stack_file_of(part.stack)
            yield (
                f"{link} is not here, and the state of {part.stack} has {listing(tenants)}: check out the commit that "
                f"has it; only if it was lost: ln -sfn {own} {link}"
            )


def homes_of(root: Path, platform: str) -> Homes:
    """By the states of all stacks of the environment; one that does not exist yet has none. Raises OperationError."""
    return homes_in(states_of(root, stacks_of(root, platform)))


def states_of(root: Path, stacks: Sequence[str]) -> States:
    """Of those that exist. Raises OperationError.

    To list what exists, the engine reads every state of the backend, so it is asked only where one cannot be read.
    """
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        asked = dict(zip(stacks, pool.map(partial(_state, root), stacks), strict=True))
    failures = {stack: state for stack, state in asked.items() if isinstance(state, OperationError)}
    there = EngineStack(root, stacks[0]).stacks() if failures else frozenset[str]()
    for stack, error in failures.items():
        if short(stack) in there:
            raise error
    return {stack: state for stack, state in asked.items() if isinstance(state, str)}


def _state(root: Path, stack: str) -> str | OperationError:
    try:
        return EngineStack(root, stack).export_text()
    except OperationError as error:
        return error


def homes_in(states: States) -> Homes:
    """Pure: by the states of all stacks."""
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
        shard = tenant.shard if tenant else stacks[0].removeprefix(environment.name).removeprefix("-")
        mend = f"make shard STACK={environment.name} TENANT={name} SHARD={shard or '-'}"
        yield f"tenant {name} is in the state of {' and '.join(stacks)}, and {file}: {mend}"
