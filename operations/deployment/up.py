"""One stack's deploy, as the deploy workflow does it, if anything differs from its last complete run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from operations.checkpoints import warning
from operations.deployment.answers import Answers
from operations.deployment.complete_run import CompleteRun, forget, record, verdict
from operations.deployment.engines import Engines
from operations.deployment.inputs import Inputs, inputs_of
from operations.engine import EngineStack
from operations.releases.heal_stack import heal_stack
from operations.shards.homes import require_home
from operations.shards.parts import beside, short
from settings.fingerprint import fingerprint
from settings.loading.load import Environment, load
from settings.shards import Part, part_of, shards_of

Show = Callable[[str], None]
_ALL = "all is asked for"


@dataclass(frozen=True)
class ValidFiles:
    """An environment's files, found to be valid while their fingerprint was this one."""

    environment: Environment
    fingerprint: str

    @classmethod
    def read(cls, root: Path, stack: str) -> ValidFiles:
        """With every check, also those of free values: no program that is told so checks another stack's tenants.

        Raises ConfigurationError for files that are not valid, and for a value that is still to be written.
        """
        # It imports the SDK, which takes longer than to find that nothing has changed.
        from components.value_conflicts import CHECKS  # noqa: PLC0415

        # First, so that a file which changes meanwhile has another one afterwards.
        seen = fingerprint(root)
        environment = load(root, stack, CHECKS)
        environment.require_values()
        return cls(environment, seen)

    def of(self, root: Path, stack: str) -> ValidFiles:
        """As another of the environment's stacks has them; read anew if any has changed. Raises ConfigurationError."""
        if not self.fingerprint or self.fingerprint != fingerprint(root):
            return ValidFiles.read(root, stack)
        return ValidFiles(self.environment.of_shard(part_of(root, stack).shard), self.fingerprint)


@dataclass(frozen=True)
class Common:
    """The engine's version, by shard what left its tenants, and what was read of all stacks before any of them runs.

    Another shard's rule is no reason to run. `states` are by stack, as the engine writes them, and so are `records`;
    `digests` are those of the project's files.
    """

    version: str
    removals: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    files: ValidFiles | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, CompleteRun] = field(default_factory=dict)
    digests: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Due:
    """A run of `stack` that is asked for, or that has something to do; `reason` says why.

    `last`: a complete run with the same inputs, whose state is still there.
    """

    stack: EngineStack
    inputs: Inputs
    reason: str
    common: Common
    last: CompleteRun | None = None


def up(
    root: Path,
    stack: str,
    show: Show,
    *,
    everything: bool,
    no_run_at_work: bool,
    common: Common | None = None,
    answers: Answers | None = None,
) -> bool:
    """Heal what a dead run left, run the engine with a refresh, record that the run was complete.

    Whether it was run: it is not if nothing differs, unless `everything` is asked for.
    Raises ConfigurationError, OperationError.
    """
    due = due_run(EngineStack(root, stack), show, everything=everything, common=common, answers=answers)
    if due:
        deploy(due, Engines(show), show, no_run_at_work=no_run_at_work)
    return due is not None


def due_run(
    stack: EngineStack, show: Show, *, everything: bool, common: Common | None = None, answers: Answers | None = None
) -> Due | None:
    """None, and a line that says so, if a run would find nothing to do. Raises ConfigurationError, OperationError."""
    if answers:
        common = Common(answers.version.result(), states={stack.name: answers.state.result()})
    common = common or common_of(stack)
    inputs = current_inputs(stack, common)
    if everything and not part_of(stack.root, short(stack.name)).shard:
        return Due(stack, inputs, _ALL, common)
    state, last = common.states.get(stack.name, ""), common.records.get(stack.name)
    found = verdict(stack, inputs, state, last, answers.tags if answers else None)
    last = found.last if not found.reason else None
    if last and not everything:
        show(unchanged(stack, last))
        return None
    return Due(stack, inputs, _ALL if everything else found.reason, common, last)


def deploy(due: Due, engines: Engines, show: Show, *, no_run_at_work: bool, beside_others: bool = False) -> str:
    """What the engine counted, if that is heard. A shard that is as `due.last` left it is only looked at.

    A platform always runs: what it tells its shards is no resource, and no preview counts it.
    Raises ConfigurationError, OperationError: it is not complete.
    """
    stack, name = due.stack, short(due.stack.name)
    show(f"{name}: runs, since {due.reason}")
    told = warning(os.environ)
    if told:
        show(f"{name}: {told}")
    with ThreadPoolExecutor(1) as pool:
        before = due.common.files
        files = before.of(stack.root, name) if before else ValidFiles.read(stack.root, name)
        if not files.environment.shards:
            # With shards it was asked before the platform ran; a checkout of before the first shard has none.
            require_home(stack.root, stack.name, files.environment, due.common.states or None)
        # A record of other inputs is of no use any more; to drop it takes as long as all that comes before the run.
        forgetting = None if due.last else pool.submit(forget, stack)
        heal_stack(stack.root, stack.name, show, files.environment, no_run_at_work=no_run_at_work)
        if forgetting:
            forgetting.result()
    if due.last and engines.as_deployed(stack, files.fingerprint, beside_others=beside_others):
        show(f"{name}: as it was deployed at {due.last.ended}")
        return ""
    engines.require_going(stack)
    if due.last:
        forget(stack)
    run = engines.beside_others if beside_others else engines.in_terminal
    counts = run(stack, due.inputs.message, files.fingerprint)
    if current_inputs(stack, replace(due.common, digests=None)) != due.inputs:
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
    return inputs_of(engine.root, name, known.version, os.environ, removals, digests=known.digests)


def common_of(engine: EngineStack, before: Common | None = None) -> Common:
    """Of the environment that the stack is of, as it is now; of a platform alone without what is its shards' alone.

    `before`: what was read before the platform ran, for its shards. Raises OperationError, ConfigurationError.
    """
    part = part_of(engine.root, short(engine.name))
    if not (part.shard or before):
        return Common(engine.version())
    known = before or Common(engine.version())
    told = EngineStack(engine.root, beside(engine.name, Part(part.environment))).outputs().get("shards")
    left = (told.get("removals") if isinstance(told, Mapping) else None) or {}
    # Whose they are is in every tenant's file, and most often nothing has left anybody.
    environment = known.files.environment if known.files else None
    tenants = (environment or load(engine.root, part.stack)).everybody if left else ()
    shards = {tenant.admin.email.lower(): tenant.shard for tenant in tenants}
    by_shard: dict[str, dict[str, object]] = {shard: {} for shard in shards_of(engine.root, part.environment)}
    for admin, each in left.items():
        by_shard.get(shards.get(admin, ""), {})[admin] = each
    return replace(known, removals=by_shard)
