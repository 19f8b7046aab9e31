"""Moves a tenant to another stack of its environment: its file, then its state. Nothing is called, nothing changes.

Each step looks first whether it is done, so the same command goes on where a killed one ended. Until then no run of
the environment by `make` begins: `operations.shards.homes` sees that files and states differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.release_tenant import require_none_pending, urns_of, without_resources
from operations.shards.first_outputs import tell_first_outputs, tell_shard
from operations.shards.homes import homes_in, states_of
from operations.shards.lock import moves_alone
from operations.shards.parts import beside, environments_stack, require_stacks, short, stacks_of
from settings.errors import ConfigurationError
from settings.facts import file_of, stack_file_of
from settings.loading.load import load
from settings.shards import Part, is_shard_name, part_of, shards_of
from settings.types.kubernetes.names import tenant_name
from settings.types.naming import TENANT, types_of

Show = Callable[[str], None]
# The engine's words (its `pkg/cmd/pulumi/state/state_move.go`) end in "already exists in destination stack".
_OTHER_PROVIDER = ": provider urn:"


def move(root: Path, name: str, tenant: str, shard: str, show: Show, *, no_run_at_work: bool) -> None:
    """To the folder and the stack of `shard`, or to the environment's own if that is empty.

    Raises OperationError: no such tenant, a run or another move is at work or may be, the last one died at this tenant,
    or two stacks have made it; ConfigurationError for files that are not valid. Then nothing is moved.
    """
    platform = environments_stack(root, name)
    target = Part(short(platform), shard)
    _require_names(tenant, shard)
    with moves_alone(root, EngineStack(root, platform)):
        # Before the file moves: from then on no run of a stack that has the tenant begins.
        homes = _homes_at_rest(root, platform, target, tenant, no_run_at_work=no_run_at_work)
        then = _move_file(root, target, tenant, homes, show)
        require_stacks(root, platform, show)
        _move_state(root, platform, target, tenant, show, no_run_at_work=no_run_at_work)
    show(f"next: {then}")


def _require_names(tenant: str, shard: str) -> None:
    """Either becomes a part of a path."""
    try:
        tenant_name(tenant)
    except ValueError as error:
        raise OperationError(f"TENANT: {error}") from None
    if shard and not is_shard_name(shard):
        raise OperationError(f"SHARD={shard!r}: a shard's name has small letters, digits and - only, like 01")


def _homes_at_rest(root: Path, platform: str, target: Part, tenant: str, *, no_run_at_work: bool) -> tuple[str, ...]:
    """The stacks whose states have the tenant.

    Raises OperationError while a run of one of them, of the target, or of the platform that is told of a shard, is at
    work or may be, or died at this tenant.
    """
    there = states_of(root, stacks_of(root, platform))
    homes = homes_in(there).get(tenant, ())
    written = {*homes, target.stack, *((short(platform),) if target.shard else ())}
    for name in there:
        if short(name) in written:
            engine, its_file = (
                EngineStack(root, name),
                file_of(short(platform), tenant, part_of(root, short(name)).shard),
            )
            engine.require_idle()
            engine.require_lock_visibility(assume_unlocked=no_run_at_work)
            away = short(name) in homes and not (root / its_file).exists()
            first = f"put its file back as {its_file}, then " if away else ""
            require_none_pending(engine.deployment(), name, tenant, first)
    return homes


def _move_file(root: Path, target: Part, tenant: str, homes: tuple[str, ...], show: Show) -> str:
    """What is to be done after the move. Of a tenant that a killed move left in two states the file may be gone."""
    places = {shard: root / file_of(target.environment, tenant, shard)
              for shard in ("", *shards_of(root, target.environment), target.shard)}  # fmt: skip
    there = [path for path in places.values() if path.exists()]
    deploy = f"make up STACK={target.environment}"
    if not there and len(homes) > 1:
        return f"{deploy}, which takes the tenant away, as it has no file"
    if len(there) != 1:
        found = ", ".join(path.relative_to(root).as_posix() for path in there) or "none"
        raise OperationError(f"tenant {tenant}: has to have one file in {target.environment}, there is {found}")
    (before,), after = there, places[target.shard]
    link = root / stack_file_of(target.stack)
    linked = not (link.is_symlink() or link.exists())
    if linked:
        link.symlink_to(Path(stack_file_of(target.environment)).name)
        show(f"{link.relative_to(root)}: made, a link to the file of {target.environment}")
    if before != after:
        after.parent.mkdir(exist_ok=True)
        before.rename(after)
    try:
        load(root, target.stack)
    except ConfigurationError:
        if before != after:
            after.rename(before)
        if linked:
            link.unlink()
        raise
    if before != after:
        show(f"{after.relative_to(root)}: moved")
    return f"commit the moved file, then {deploy}, which changes nothing of the tenant"


def _move_state(root: Path, platform: str, target: Part, tenant: str, show: Show, *, no_run_at_work: bool) -> None:
    homes = _homes_at_rest(root, platform, target, tenant, no_run_at_work=no_run_at_work)
    sources = [EngineStack(root, beside(platform, part_of(root, each))) for each in homes if each != target.stack]
    wanted, has_it = EngineStack(root, beside(platform, target)), target.stack in homes
    # First, so that every run looks into it from the moment that it has the tenant, with its link or without.
    tell_first_outputs(wanted)
    if target.shard:
        tell_shard(EngineStack(root, platform), target.shard)
    for source in sources:
        # What is in both was moved by a command that died before it was taken out here.
        if has_it:
            _require_same(source, wanted, tenant)
        else:
            _take(source, wanted, tenant, part_of(root, short(source.name)))
        has_it = True
        # What is left: the resources if they are in both, and what the stack's outputs tell of the tenant.
        exported = source.exported()
        rest = without_resources(exported["deployment"], tenant)
        if rest != exported["deployment"]:
            source.replace({**exported, "deployment": rest})
        show(f"tenant {tenant}: moved from the state of {short(source.name)} to that of {target.stack}")


def _take(source: EngineStack, wanted: EngineStack, tenant: str, home: Part) -> None:
    """Raises OperationError, also where both stacks reach the tenant's cluster in different ways: one was not run since
    its address changed, or a plugin's version, and the engine does not mix the two."""
    (component,) = [urn for urn in urns_of(tenant, _resources(source)) if types_of(urn).endswith(f"::{TENANT}")]
    try:
        source.move(component, wanted.name)
    except OperationError as error:
        if _OTHER_PROVIDER not in str(error):
            raise
        raise OperationError(
            f"tenant {tenant}: {short(source.name)} and {short(wanted.name)} were last deployed by different files or "
            f"plugins: make shard STACK={home.environment} TENANT={tenant} SHARD={home.shard or '-'}, then ALL=yes "
            f"make up STACK={home.environment}, then run this again"
        ) from None


def _require_same(source: EngineStack, wanted: EngineStack, tenant: str) -> None:
    """A stack that made the tenant itself has other keys of it, and the other's are in use."""
    here, there = (_ids(_resources(stack), tenant) for stack in (source, wanted))
    if here != there:
        raise OperationError(
            f"tenant {tenant}: {short(source.name)} and {short(wanted.name)} both made it, and what they have differs: "
            f"compare both by pulumi stack --show-ids, and take it out of the wrong one by pulumi state delete"
        )


def _resources(stack: EngineStack) -> list[Mapping[str, Any]]:
    return stack.deployment().get("resources") or []


def _ids(resources: list[Mapping[str, Any]], tenant: str) -> dict[str, str]:
    """By type and name, which are the same in every stack."""
    own = urns_of(tenant, resources)
    return {each["urn"].split("::", 2)[2]: str(each.get("id", "")) for each in resources if each["urn"] in own}
