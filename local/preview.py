"""`make preview` of the local stack: the files first, then what changes and restarts; the engine's text on request."""

from __future__ import annotations

from collections.abc import Iterator

from local.checkout import STACK, Checkout
from local.engine.heal import drifted
from local.engine.policies import violations_of
from local.engine.run import Engine
from local.progress import note
from operations.files.comparison import comparison_here
from operations.preview.plan import plan_of
from operations.preview.rendering import rendering, restarts_in
from operations.preview.summary import text_of, text_of_files


def show_files(checkout: Checkout, base: str) -> None:
    """What differs in the stack's files from where the branch left `base`, or main."""
    note(text_of_files(comparison_here(checkout.root, STACK, base)))


def show_plan(checkout: Checkout, *, diff: bool) -> Iterator[str]:
    """What `up` would do; with `diff` in the engine's own words, too. Returns the policies that are violated."""
    steps, said = Engine(checkout).preview(diff=diff)
    render = rendering(checkout.root, path=checkout.variables()["PATH"])
    restarts = restarts_in(steps, render, render)
    note(text_of(plan_of(STACK, steps, restarts=restarts), restarts.values()))
    for line in said:
        note(line)
    for line in drifted(checkout):
        note(f"not as deployed: {line}; `make up` puts back what it can")
    return (f"policy {line}" for line in violations_of(steps))
