"""Asks, before anything is registered, whether a tenant is in the state of another stack than its file says.

The stack that has it would take it for a removal, the other one would make it anew. `make up` looks beforehand
(`operations.shards.homes`); whoever moves a file by hand and runs plain `pulumi` is asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import tenacity

from components.shards.platform_run import known_shards
from settings.facts import file_of, stack_file_of
from settings.loading.load import Environment
from settings.models.tenant import Tenant
from settings.shards import Part
from settings.types.naming import TENANT, name_of

_OUTPUTS, _RESOURCES = "pulumi:pulumi:readStackOutputs", "pulumi:pulumi:readStackResourceOutputs"
_NO_STACK = "unknown stack"
# A folder as a backend: another stack's run writes its state at this moment, in place.
_HALF_WRITTEN = "failed to load checkpoint"
_LOOKS, _SECONDS_BETWEEN = 20, 0.25


@dataclass(frozen=True)
class StateTenants:
    """What one stack's state has: by tenant the e-mail of its admin, which is empty where its making failed.

    `shards`: those that its last complete run, or a move since, told of, if it is a platform's.
    """

    tenants: Mapping[str, str]
    shards: tuple[str, ...] = ()

    def name_of(self, tenant: Tenant) -> str | None:
        """What the tenant is called here; its file may have got another name, its admin's e-mail never changes."""
        if tenant.name in self.tenants:
            return tenant.name
        email = tenant.admin.email.casefold()
        return next((name for name, its in self.tenants.items() if its.casefold() == email), None)


async def require_homes(environment: Environment) -> bool:
    """Whether any shard has a tenant, by files or states.

    Raises RunError: this stack would delete a tenant whose file is in another one's folder, or make a tenant that
    another one has, or a shard with tenants has lost its file. In previews, too."""
    here = await _recorded(environment.part)
    wrong, told = [*moved_away(environment, here)], {*here.shards}
    occupied = any(tenant.shard for tenant in environment.everybody)
    others = [Part(environment.name, shard) for shard in ("", *environment.shards) if shard != environment.shard]
    if not occupied or any(here.name_of(tenant) is None for tenant in environment.tenants):
        for part in others:
            there = await _recorded(part)
            occupied = occupied or bool(part.shard and there.tenants)
            told.update(there.shards)
            wrong += moved_here(environment, here, part, there)
    for shard in sorted(told - {*environment.shards}):
        part = Part(environment.name, shard)
        wrong += lost(part, await _recorded(part))
    if wrong:
        raise pulumi.RunError(f"stack {environment.part.stack}: nothing is changed: {'; '.join(wrong)}")
    return occupied or bool(environment.shard and here.tenants)


def moved_away(environment: Environment, here: StateTenants) -> Iterator[str]:
    """Pure: a line for each tenant of this stack's state whose file is in another one's folder."""
    own = {here.name_of(tenant) for tenant in environment.tenants}
    for tenant in environment.everybody:
        name = here.name_of(tenant)
        if tenant.shard != environment.shard and name and name not in own:
            yield _line(environment.name, tenant, name, environment.part)


def moved_here(environment: Environment, here: StateTenants, other: Part, there: StateTenants) -> Iterator[str]:
    """Pure: a line for each tenant of this stack's folder that is not in its state, but in that of `other`."""
    for tenant in environment.tenants:
        name = there.name_of(tenant)
        if name and here.name_of(tenant) is None:
            yield _line(environment.name, tenant, name, other)


def lost(part: Part, there: StateTenants) -> Iterator[str]:
    """Pure: a line if a shard has no file here and has tenants: its link was lost, or this checkout is older."""
    if there.tenants:
        own, link = stack_file_of(part.environment).rpartition("/")[2], stack_file_of(part.stack)
        yield (
            f"{link} is not here, and the state of {part.stack} has {', '.join(sorted(there.tenants))}: check out the "
            f"commit that has it; only if it was lost: ln -sfn {own} {link}; a link goes after the shard's tenants"
        )


def _line(environment: str, tenant: Tenant, name: str, home: Part) -> str:
    file = file_of(environment, tenant.name, tenant.shard)
    wanted = Part(environment, tenant.shard).stack
    named = "" if name == tenant.name else f"call the file {name}.yaml again, then "
    mend = f"{named}make shard STACK={environment} TENANT={name} SHARD={tenant.shard or '-'}"
    return f"tenant {name} is in the state of {home.stack}, and {file} says {wanted}: {mend}"


async def _recorded(part: Part) -> StateTenants:
    """Of a stack that does not exist, or that no run has ever completed, nothing is known.

    Raises RunError for a state that cannot be read.
    """
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{part.stack}"
    outputs = await _asked(_OUTPUTS, {"name": name}, part)
    # The engine breaks down at a state that was never written, and only outputs tell that one was.
    if not outputs:
        return StateTenants({})
    resources = await _asked(_RESOURCES, {"stackName": name}, part)
    components = {name_of(urn): each["outputs"] for urn, each in resources.items() if each["type"] == TENANT}
    tenants = {name: str(told.get("adminEmail") or "") for name, told in components.items()}
    return StateTenants(tenants, tuple(known_shards(outputs)))


async def _asked(question: str, arguments: Mapping[str, Any], part: Part) -> Mapping[str, Any]:
    """The `outputs` that one of the engine's own functions answers. Raises RunError."""
    try:
        answer = await _answer(question, arguments)
    except Exception as error:  # noqa: BLE001 - the SDK raises no other
        if _NO_STACK in str(error):
            return {}
        raise pulumi.RunError(
            f"stack {part.stack}: its state cannot be read, so nobody knows which tenants it has: {error}"
        ) from None
    found: Mapping[str, Any] = answer.get("outputs") or {}
    return found


@tenacity.retry(
    retry=tenacity.retry_if_exception(lambda error: _HALF_WRITTEN in str(error)),
    stop=tenacity.stop_after_attempt(_LOOKS),
    wait=tenacity.wait_fixed(_SECONDS_BETWEEN),
    reraise=True,
)
async def _answer(question: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Asked again while a shard beside this one may be writing what is read."""
    found: Mapping[str, Any] = await pulumi.runtime.invoke_async(question, dict(arguments))
    return found
