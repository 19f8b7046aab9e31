"""What charts make of releases' inputs on this machine, by the helm that the environment runs with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path

from local.checkout import Checkout
from local.engine.policies import known
from local.engine.run import Engine
from operations.preview.restarts import (
    Inputs,
    NotRenderedError,
    Pods,
    Render,
    Restarts,
    changed_releases,
    pods_of,
    restarts_of,
)
from operations.preview.steps import Step
from operations.urns import RELEASE
from policy import render
from policy.declared import Declared


def rendering(checkout: Checkout, root: Path | None = None) -> Render:
    """Renders with the charts in the folders of `root`, the checkout's own if not given, or from where they are."""
    path = checkout.variables()["PATH"]

    def pods(inputs: Inputs) -> Pods:
        declared = Declared(RELEASE, "", {name: known(value) for name, value in inputs.items()})
        try:
            return pods_of(
                render.objects_of(declared, str(inputs.get("namespace")), root=root or checkout.root, path=path)
            )
        except (render.NotRenderedError, OSError) as error:
            raise NotRenderedError(str(error)) from None

    return pods


class EngineWithRestarts(Engine):
    """Says what each changed release restarts, before it does."""

    def __init__(self, checkout: Checkout) -> None:
        super().__init__(checkout)
        self.render = rendering(checkout)


def restarts_in(steps: Iterable[Step], before: Render, after: Render) -> Mapping[str, Restarts]:
    """Of every changed release, by URN."""
    changed = list(changed_releases(steps))
    with ThreadPoolExecutor(cpu_count()) as pool:
        told = pool.map(lambda step: restarts_of(step, before, after), changed)
        return {step.urn: found for step, found in zip(changed, told, strict=True)}
