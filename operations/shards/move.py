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
from operations.shards.first_outputs import tell_first_outputs
from operations.shards.homes import homes_of
from operations.shards.lock import moves_alone
from operations.shards.parts import beside, environments_stack, require_stacks, short
from settings.errors import ConfigurationError
from settings.facts import file_of, stack_file_of
from settings.loading.load import load
from settings.shards import Part, is_shard_name, part_of, shards_of
from settings.types.naming import TENANT, types_of

Show = Callable[[str], None]


def move(root: Path, name: str, tenant: str, shard: str, show: Show, *, no_run_at_work: bool) -> None:
    """To the folder and the stack of `shard`, or to the environment's own if that is empty.

    Raises OperationError: no such tenant, a run or another move is at work or may be, the last one died at this tenant,
    or two stacks have made it; ConfigurationError for files that are not valid, and then nothing is moved.
    """
    platform = environments_stack(root, name)
    target = Part(short(platform), shard)
    if shard and not is_shard_name(shard):
        raise OperationError(f"SHARD={shard!r}: a shard's name has small letters, digits and - only, like 01")
    with moves_alone(root, EngineStack(root, platform)):
        _move_file(root, target, tenant, show)
        require_stacks(root, platform, show)
        _move_state(root, platform, target, tenant, show, no_run_at_work=no_run_at_work)
    show(f"next: commit the moved file, then make up STACK={target.environment}, which changes nothing of the tenant")


def _move_file(root: Path, target: Part, tenant: str, show: Show) -> None:
    places = {shard: root / file_of(target.environment, tenant, shard)
              for shard in ("", *shards_of(root, target.environment), target.shard)}  # fmt: skip
    there = [path for path in places.values() if path.exists()]
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


def _move_state(root: Path, platform: str, target: Part, tenant: str, show: Show, *, no_run_at_work: bool) -> None:
    homes = homes_of(root, platform).get(tenant, ())
    sources = [EngineStack(root, beside(platform, part_of(root, each))) for each in homes if each != target.stack]
    wanted = EngineStack(root, beside(platform, target))
    for stack in (*sources, wanted):
        stack.require_idle()
        stack.require_lock_visibility(assume_unlocked=no_run_at_work)
        require_none_pending(stack.deployment(), stack.name, tenant)
    for source in sources:
        # What is in both was moved by a command that died before it was taken out here.
        if target.stack in homes:
            _require_same(source, wanted, tenant)
        else:
            (component,) = [urn for urn in urns_of(tenant, _resources(source)) if types_of(urn).endswith(f"::{TENANT}")]
            source.move(component, wanted.name)
        # What is left: the resources if they are in both, and what the stack's outputs tell of the tenant.
        exported = source.exported()
        rest = without_resources(exported["deployment"], tenant)
        if rest != exported["deployment"]:
            source.replace({**exported, "deployment": rest})
        show(f"tenant {tenant}: moved from the state of {short(source.name)} to that of {target.stack}")
    tell_first_outputs(wanted)


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
