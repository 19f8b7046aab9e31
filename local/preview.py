"""`make preview` of the local stack: the files first, then what changes and restarts; the engine's text on request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from local.checkout import STACK, Checkout
from local.engine.heal import drifted
from local.engine.policies import violations_of
from local.engine.run import Engine
from local.progress import note
from operations.engine import EngineStack
from operations.files.comparison import comparison_here
from operations.health.key_facts import key_facts
from operations.preview.plan import plan_of
from operations.preview.restarts.rendering import rendering, restarts_in
from operations.preview.steps import Step
from operations.preview.summary import text_of, text_of_files
from operations.preview.tenant_changes.revocations import revocations_of
from settings.loading.load import load


def show_files(checkout: Checkout, base: str) -> None:
    """What differs in the stack's files from where the branch left `base`, or main."""
    note(text_of_files(comparison_here(checkout.root, STACK, base)))


def show_plan(checkout: Checkout, *, diff: bool) -> Iterator[str]:
    """What `up` would do; with `diff` in the engine's own words, too. Returns the policies that are violated."""
    steps, said = Engine(checkout).preview(diff=diff)
    render = rendering(checkout.root, path=checkout.variables()["PATH"])
    restarts = restarts_in(steps, render, render)
    note(text_of(plan_of(STACK, steps, restarts=restarts, keys=_keys(checkout, steps)), restarts.values()))
    for line in said:
        note(line)
    for line in drifted(checkout):
        note(f"not as deployed: {line}; `make up` puts back what it can")
    return (f"policy {line}" for line in violations_of(steps))


def _keys(checkout: Checkout, steps: Sequence[Step]) -> Mapping[str, str]:
    """What the API knows of each key that is to be revoked; it is asked for nothing if there is none."""
    listed = revocations_of(steps)
    return key_facts(load(checkout.root, STACK), EngineStack(checkout.root, STACK), listed) if listed else {}
