"""One stack's deploy, as the deploy workflow does it, if anything differs from its last complete run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from operations.checkpoints import warning
from operations.deployment.complete_run import CompleteRun, forget, record, verdict
from operations.deployment.engines import Engines, Run
from operations.deployment.inputs import Inputs, inputs_of
from operations.engine import EngineStack
from operations.releases.heal_stack import heal_stack
from operations.shards.parts import beside, short
from settings.loading.load import Environment, load
from settings.shards import Part, part_of, shards_of

Show = Callable[[str], None]


@dataclass(frozen=True)
class Common:
    """The engine's version, and by shard what left its tenants; a rule of another shard's is no reason to run."""

    version: str
    removals: Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class Due:
    """A run of `stack` that is asked for, or that has something to do; `reason` says why."""

    stack: EngineStack
    inputs: Inputs
    reason: str
    common: Common | None = None


def up(root: Path, stack: str, show: Show, *, everything: bool, no_run_at_work: bool) -> None:
    """Heal what a dead run left, run the engine with a refresh, record that the run was complete.

    Nothing is run if nothing differs, unless `everything` is asked for. Raises ConfigurationError, OperationError.
    """
    due = due_run(EngineStack(root, stack), show, everything=everything)
    if due:
        deploy(due, Engines(show).in_terminal, show, no_run_at_work=no_run_at_work)


def due_run(stack: EngineStack, show: Show, *, everything: bool, common: Common | None = None) -> Due | None:
    """None, and a line that says so, if a run would find nothing to do. Raises ConfigurationError, OperationError."""
    inputs = current_inputs(stack, common)
    if everything:
        return Due(stack, inputs, "all is asked for", common)
    found = verdict(stack, inputs)
    if found.last and not found.reason:
        show(unchanged(stack, found.last))
        return None
    return Due(stack, inputs, found.reason, common)


def deploy(due: Due, run: Run, show: Show, *, no_run_at_work: bool) -> str:
    """What the engine counted, if `run` hears it. Raises ConfigurationError, OperationError: it is not complete."""
    stack, name = due.stack, short(due.stack.name)
    show(f"{name}: runs, since {due.reason}")
    told = warning(os.environ)
    if told:
        show(f"{name}: {told}")
    load(stack.root, name).require_values()
    heal_stack(stack.root, stack.name, show, no_run_at_work=no_run_at_work)
    forget(stack)
    counts = run(stack, due.inputs.message)
    if current_inputs(stack, due.common) != due.inputs:
        show(f"{name}: files changed during the run, so the next one runs again")
        return counts
    missing = record(stack, due.inputs)
    if missing:
        show(f"{name}: the next run looks at everything again: {missing}")
    return counts


def unchanged(engine: EngineStack, last: CompleteRun) -> str:
    """The line that is told in place of a run."""
    return f"{short(engine.name)}: unchanged since {last.ended}, {last.tenants} tenants; ALL=yes runs it anyway"


def current_inputs(engine: EngineStack, common: Common | None = None) -> Inputs:
    """What a run of the stack would depend on now; a shard's also on what its platform's runs took from its tenants.

    `common`: what was read for all stacks of the environment at once. One that a later run of the platform replaces is
    no harm: then it is not what the next run compares with.
    """
    name = short(engine.name)
    known = common or common_of(engine)
    removals = known.removals.get(part_of(engine.root, name).shard)
    return inputs_of(engine.root, name, known.version, os.environ, removals)


def common_of(engine: EngineStack, environment: Environment | None = None) -> Common:
    """Of the environment that the stack is of, as it is now. Raises OperationError, ConfigurationError."""
    part = part_of(engine.root, short(engine.name))
    if not (part.shard or environment):
        return Common(engine.version(), {})
    told = EngineStack(engine.root, beside(engine.name, Part(part.environment))).outputs().get("shards")
    left = (told.get("removals") if isinstance(told, Mapping) else None) or {}
    # Whose they are is in every tenant's file, and most often nothing has left anybody.
    tenants = (environment or load(engine.root, part.stack)).everybody if left else ()
    shards = {tenant.admin.email.lower(): tenant.shard for tenant in tenants}
    by_shard: dict[str, dict[str, object]] = {shard: {} for shard in shards_of(engine.root, part.environment)}
    for admin, each in left.items():
        by_shard.get(shards.get(admin, ""), {})[admin] = each
    return Common(engine.version(), by_shard)
