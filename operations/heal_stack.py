"""Heals one stack, in every place that its releases are in; a place that cannot be asked hides no other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from config.load import load
from config.place import Place
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.heal import Stack, declared, heal, places
from operations.helm import helm_in
from operations.recorded import Recorded


def heal_stack(root: Path, name: str, *, no_run_at_work: bool) -> list[str]:
    """What was done and told, one line each.

    Raises OperationError, after all others are healed, if a place was not: a run then might fail on what is left there.
    Raises ConfigurationError.
    """
    environment = load(root, name.rpartition("/")[2])
    engine = EngineStack(root, name)
    engine.require_idle()
    recorded = Recorded.of(engine.deployment(), environment)
    certain = partial(engine.require_sight, sworn=no_run_at_work)
    stack, told = Stack(declared(environment), recorded, be_certain=certain), list[str]()

    def tell(line: str) -> None:
        told.append(line)
        print(line)

    asked = places(environment, recorded)
    missed = [place for place in asked if not _healed(place, engine, stack, tell)]
    if missed:
        named = ", ".join(str(place) for place in missed)
        raise OperationError(
            f"stack {name}: {len(missed)} of {len(asked)} clusters not healed ({named}), the others are: mend what is "
            "told of them, then run this again; docs/runbooks.md says how to deploy without them"
        )
    return told


def _healed(place: Place, engine: EngineStack, stack: Stack, tell: Callable[[str], None]) -> bool:
    try:
        with helm_in(place, engine) as helm:
            heal(helm, stack, tell)
    except OperationError as error:
        tell(f"not healed: {place}: {error}")
        return False
    return True
