"""`make takeover`: lets the state know what runs already and may be taken over. Server and clusters are only read.

Whatever is done twice finds nothing more to do, and the state is written at once, last of all: a run that dies leaves
nothing half done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from operations.adoption.file_texts import with_group_ids, write
from operations.adoption.files import Files
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.releases.config_maps import MOVE
from operations.releases.heal_stack import stack_of
from operations.releases.helm import Helm, helm_in
from operations.releases.namespaces import NAMESPACES
from operations.releases.occupants.objects import objects_in_the_way
from operations.releases.ownership import Stack, group_ids
from operations.shards.first_outputs import with_first_outputs
from operations.shards.homes import require_home
from operations.shards.parts import each_of, environments_stack, has_shards, require_stacks
from operations.takeover.objects import managers, objects_in
from operations.takeover.records import Records, entries, with_records
from operations.takeover.secrets import internal_keys, stack_secrets
from operations.takeover.targets import LiveTarget, Sight, Target, by_program, chart_of, obstacle, targets
from settings.facts import file_of, stack_file_of
from settings.loading.load import Environment, load
from settings.models.server.secrets import INTERNAL_KEYS
from settings.types.naming import STACK_LABEL, worker_key
from settings.types.plain import is_plain

Tell = Callable[[str], None]


def take_over_environment(root: Path, name: str, tell: Tell, *, no_run_at_work: bool) -> None:
    """The same for `name` and, if it is an environment's, its shards; one whose stack is lost is made anew, empty.

    Raises OperationError, ConfigurationError; a stack that fails stops no other.
    """
    if has_shards(root, name):
        require_stacks(root, environments_stack(root, name), tell)
    # A tenant that another state has would be in two.
    require_home(root, name, load(root, name.rpartition("/")[2]))
    each_of(root, name, lambda each: take_over(root, each, tell, no_run_at_work=no_run_at_work))


def take_over(root: Path, name: str, tell: Tell, *, no_run_at_work: bool) -> None:
    """Say what is taken over, what is not and why, and what comes next.

    Raises OperationError: a run is at work or may be, a cluster does not answer, or something stays in the way.
    Raises ConfigurationError.
    """
    environment = load(root, name.rpartition("/")[2])
    engine = EngineStack(root, name)
    engine.require_idle()
    engine.require_lock_visibility(assume_unlocked=no_run_at_work)
    stack = stack_of(environment, engine, no_run_at_work=no_run_at_work)
    taken, left = _look(environment, engine, stack)
    for each in taken:
        if each.target.use == "server":
            _keep_groups(root, environment, each.values, tell)
            _keep_secrets(root, engine, environment, each, tell)
    _record(engine, environment, taken)
    for line in entries(taken):
        tell(line)
    _tell_keys(environment, taken, tell)
    for line in left:
        tell(f"left alone: {line}")
    if left:
        raise OperationError(
            f"stack {name}: {len(left)} stay in the way of a deploy: each line above ends with what to do, then run "
            "this again"
        )
    tell(
        f"next: make preview STACK={name}; what is taken over is changed in place"
        if taken
        else f"{'stack ' + name + ': ' if environment.shards else ''}nothing to take over"
    )


def _look(environment: Environment, engine: EngineStack, stack: Stack) -> tuple[list[LiveTarget], list[str]]:
    """What is taken over, and a line for each that stays as it is."""
    wanted = [each for each in targets(environment) if not stack.knows(each.spot)]
    taken, left = list[LiveTarget](), list[str]()
    for place in dict.fromkeys(each.spot.place for each in wanted):
        with helm_in(place, engine) as helm:
            ending = (str(each["name"]) for each in helm.listed(NAMESPACES) if each.get("deletionTimestamp"))
            sight, made_by = Sight(helm.releases(), helm.namespaces(), frozenset(ending)), managers(helm)
            here = [each for each in wanted if each.spot.place == place]
            left += _in_config_maps(helm, [each for each in here if each.use and not sight.there(each)])
            for target in filter(sight.there, here):
                found = _release(helm, target, sight) if target.use else _namespace(helm, target, sight, stack, made_by)
                reason = obstacle(found, sight, stack)
                if reason:
                    left.append(f"{target.what} ({place}) is there: {reason}")
                else:
                    taken.append(found)
            known = [each.target.spot for each in taken if not each.target.use] + [*stack.recorded.namespaces]
            spaces = [spot.namespace for spot in known if spot.place == place]
            left += objects_in_the_way(helm, stack, spaces)
    return taken, left


def _in_config_maps(helm: Helm, targets: list[Target]) -> list[str]:
    kept = helm.in_config_maps(each.spot for each in targets)
    return [
        f"{each.what} ({each.spot.place}) is there, in ConfigMaps (HELM_DRIVER=configmap): {MOVE}"
        for each in targets
        if each.spot in kept
    ]


def _release(helm: Helm, target: Target, sight: Sight) -> LiveTarget:
    found = sight.found(target)
    if not found:
        return LiveTarget(target)
    drawn = internal_keys(str(helm.status(found.spot).get("manifest") or "")) if target.use == "server" else {}
    return LiveTarget(target, *chart_of(found), helm.values(found.spot), internal_keys=drawn)


def _namespace(helm: Helm, target: Target, sight: Sight, stack: Stack, made_by: Mapping[str, str]) -> LiveTarget:
    """With what earlier runs of this very stack made in it; of others' only the namespace itself."""
    name = target.spot.namespace
    if sight.labels(target).get(STACK_LABEL) != stack.name or name not in made_by:
        return LiveTarget(target)
    return LiveTarget(target, manager=made_by[name], objects=tuple(objects_in(helm, name)))


def _record(engine: EngineStack, environment: Environment, taken: list[LiveTarget]) -> None:
    if not taken:
        return
    exported = engine.exported()
    deployment = exported.get("deployment") or {}
    tenants = {tenant.name: tenant for tenant in environment.tenants}
    records = Records(environment.part, environment.stack, tenants, deployment.get("resources") or [])
    for each in taken:
        records.add(each)
    written = with_records(deployment, records.new)
    if environment.shard:
        # Plain `pulumi` of another stack looks for tenants only where a stack tells anything.
        written = with_first_outputs(written, environment.part.stack)
    engine.replace({**exported, "deployment": written})


def _keep_groups(root: Path, environment: Environment, values: Mapping[str, Any], tell: Tell) -> None:
    """Into the stack's file, where it has none: with another id a group loses its members."""
    files = Files.read(root, environment.name)
    text = with_group_ids(files.stack, group_ids(values))
    if text != files.stack:
        write(root / stack_file_of(environment.name), text)
        tell(f"{stack_file_of(environment.name)}: written: ids of groups, by which the server knows their members")


def _keep_secrets(root: Path, engine: EngineStack, environment: Environment, server: LiveTarget, tell: Tell) -> None:
    """Encrypted into the stack's file, where it has none: with others a server signs everybody out."""
    providers = environment.stack.server.identity_providers.with_secret()
    found = {**server.internal_keys, **stack_secrets(server.values, providers)}
    for key in Files.read(root, environment.name).missing(found):
        if key in INTERNAL_KEYS and not is_plain(found[key]):
            tell(f"{key}: not kept: as this program writes it, the server would read another value; it gets a new one")
            continue
        engine.set_secret(key, found[key])
        tell(f"{stack_file_of(environment.name)}: {key} set, encrypted, as the server has it")


def _tell_keys(environment: Environment, taken: Sequence[LiveTarget], tell: Tell) -> None:
    """A key with the label of before has a secret that nobody knows any more; it goes before the new one is made."""
    tenants = {tenant.name: tenant for tenant in environment.tenants}
    for each in taken:
        target = each.target
        if target.tenant and target.use and by_program(each.values):
            tenant = tenants[target.tenant]
            generation = tenant.all_workers[target.use].key_generation + 1
            file = file_of(environment.name, target.tenant, environment.shard)
            where = f"{file}: {worker_key(target.use)}"
            tell(
                f"{where}: write keyGeneration: {generation} before the next deploy; the key of before then works "
                "until the new one is in use"
            )
