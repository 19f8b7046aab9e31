"""Compares what lives of a stack's releases with what was deployed, in every place; changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from operations.engine import EngineStack
from operations.errors import OperationError
from operations.releases.drift import drifted, lines, missing
from operations.releases.heal_stack import stack_of
from operations.releases.helm import helm_in
from operations.releases.ownership import Stack, places
from settings.loading.load import load
from settings.models.cluster_ref import ClusterRef


def compare(root: Path, name: str, tell: Callable[[str], None]) -> None:
    """Tell each object that is not as deployed. A refresh looks into no release: to it one is whole with its record.

    Raises OperationError, after every place was asked, if there is one or if a place does not answer; raises
    ConfigurationError.
    """
    environment, engine = load(root, name.rpartition("/")[2]), EngineStack(root, name)
    stack = stack_of(environment, engine)
    told = [line for place in places(environment, stack.recorded) for line in _compared(place, engine, stack)]
    for line in told:
        tell(line)
    if told:
        raise OperationError(
            f"stack {name}: {len(told)} not as deployed, see each line above: the next deploy puts back what it can; "
            f"so does: make heal STACK={stack.name}"
        )


def _compared(place: ClusterRef, engine: EngineStack, stack: Stack) -> list[str]:
    try:
        with helm_in(place, engine) as helm:
            releases = helm.releases()
            gone = [f"release {spot}: is not there" for spot in missing(releases, stack, helm)]
            found = drifted(helm, releases, stack)
            return gone + [line for release, drift in found.items() for line in lines(release, drift)]
    except OperationError as error:
        return [f"cannot be compared: {place}: {error}"]
