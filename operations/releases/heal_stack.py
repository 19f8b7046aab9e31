"""Heals one stack, in every place that its releases are in; a place that cannot be asked hides no other.

Then it looks for what is in the way of a run, and ends with an error if something is: the engine would not ask.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.releases.drift import mend, missing
from operations.releases.heal import heal
from operations.releases.helm import helm_in
from operations.releases.inventory import Inventory, generated
from operations.releases.obstacles import find, require_none, tell_neighbours
from operations.releases.occupants.names import names
from operations.releases.ownership import Stack, declared, places, workers
from settings.loading.load import Environment, load
from settings.models.cluster_ref import ClusterRef

# Without that the engine would upgrade what is not there, or fail to uninstall it.
_REFRESH = "deploy with a refresh, as the workflow does: pulumi up --refresh"


def heal_stack(
    root: Path, name: str, show: Callable[[str], None], environment: Environment | None = None, *, no_run_at_work: bool
) -> list[str]:
    """What was done and told, one line each; the stack's files are read unless their `environment` is at hand.

    Raises OperationError, after all others are healed, if a place was not: a run then might fail on what is left there;
    and if something is in the way that no run of this stack made. Raises ConfigurationError.
    """
    environment = environment or load(root, name.rpartition("/")[2])
    engine = EngineStack(root, name)
    environment.require_values()
    engine.require_idle()
    stack = stack_of(environment, engine, no_run_at_work=no_run_at_work)
    told, in_the_way = list[str](), list[str]()

    def tell(line: str) -> None:
        told.append(line)
        show(line)

    asked = places(environment, stack.recorded)
    missed = [place for place in asked if not _healed(place, engine, stack, in_the_way, tell)]
    if missed:
        named = ", ".join(str(place) for place in missed)
        raise OperationError(
            f"stack {name}: {len(missed)} of {len(asked)} clusters not healed ({named}), the others are: mend what is "
            "told of them, then run this again; docs/runbooks.md says how to deploy without them"
        )
    require_none(name, in_the_way)
    return told


def stack_of(environment: Environment, engine: EngineStack, *, no_run_at_work: bool = False) -> Stack:
    """What files and state know of it. Raises OperationError."""
    return Stack(
        environment.name,
        declared(environment),
        Inventory.of(engine.deployment(), environment),
        take_over=frozenset(environment.stack.take_over),
        server_keys=cache(lambda: generated(engine.deployment(show_secrets=True))),
        be_certain=partial(engine.require_lock_visibility, assume_unlocked=no_run_at_work),
        workers=workers(environment),
        objects=names(environment),
    )


def _healed(
    place: ClusterRef, engine: EngineStack, stack: Stack, in_the_way: list[str], tell: Callable[[str], None]
) -> bool:
    try:
        with helm_in(place, engine) as helm:
            releases = heal(helm, stack, tell)
            here = find(helm, releases, stack)
            for line in here:
                tell(f"in the way: {line}")
            in_the_way += here
            tell_neighbours(releases, stack, tell)
            for spot in missing(releases, stack, helm):
                tell(f"not there: release {spot}, which the state has: {_REFRESH} --stack {engine.name}")
            if not here:
                mend(helm, releases, stack, tell)
    except OperationError as error:
        tell(f"not healed: {place}: {error}")
        return False
    return True
