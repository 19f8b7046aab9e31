"""Heals one stack, in every place that its releases are in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from config.load import load
from operations.engine import EngineStack
from operations.heal import Stack, declared, heal, places
from operations.helm import helm_in
from operations.recorded import Recorded


def heal_stack(root: Path, name: str, *, no_run_at_work: bool) -> list[str]:
    """What was done and told, one line each. Raises OperationError, ConfigurationError."""
    environment = load(root, name.rpartition("/")[2])
    engine = EngineStack(root, name)
    engine.require_idle()
    recorded = Recorded.of(engine.deployment(), environment)
    certain = partial(engine.require_sight, sworn=no_run_at_work)
    stack, told = Stack(declared(environment), recorded, be_certain=certain), list[str]()

    def tell(line: str) -> None:
        told.append(line)
        print(line)

    for place in places(environment, recorded):
        with helm_in(place, engine) as helm:
            heal(helm, stack, tell)
    return told
