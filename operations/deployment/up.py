"""One stack's deploy, as the deploy workflow does it, if anything differs from its last complete run."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from operations.deployment.complete_run import CompleteRun, forget, record, verdict
from operations.deployment.inputs import Inputs, inputs_of
from operations.engine import EngineStack
from operations.errors import OperationError
from operations.releases.heal_stack import heal_stack
from operations.shards.parts import beside, short
from settings.loading.load import load
from settings.shards import Part, part_of

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def up(root: Path, stack: str, show: Callable[[str], None], *, everything: bool, no_run_at_work: bool) -> None:
    """Heal what a dead run left, run the engine with a refresh, record that the run was complete.

    Nothing is run if nothing differs, unless `everything` is asked for. Raises ConfigurationError, OperationError.
    """
    engine, name = EngineStack(root, stack), short(stack)
    inputs = current_inputs(engine)
    if not everything:
        found = verdict(engine, inputs)
        if found.last and not found.reason:
            show(unchanged(engine, found.last))
            return
        show(f"{name}: runs, since {found.reason}")
    load(root, name).require_values()
    heal_stack(root, stack, no_run_at_work=no_run_at_work)
    forget(engine)
    _run(root, stack, inputs)
    if current_inputs(engine) != inputs:
        show(f"{name}: files changed during the run, so the next one runs again")
        return
    missing = record(engine, inputs)
    if missing:
        show(f"{name}: the next run looks at everything again: {missing}")


def unchanged(engine: EngineStack, last: CompleteRun) -> str:
    """The line that is told in place of a run."""
    return f"{short(engine.name)}: unchanged since {last.ended}, {last.tenants} tenants; ALL=yes runs it anyway"


def current_inputs(engine: EngineStack) -> Inputs:
    """What a run of the stack would depend on now; a shard's also on what its platform's runs took from its tenants."""
    name = short(engine.name)
    part = part_of(engine.root, name)
    platform = EngineStack(engine.root, beside(engine.name, Part(part.environment))) if part.shard else None
    told = platform.outputs().get("shards") if platform else None
    return inputs_of(engine.root, name, engine.version(), os.environ, _removals(engine.root, part, told))


def _removals(root: Path, part: Part, told: object) -> object:
    """Of what the platform tells, what concerns a shard's tenants; a rule of another shard's is no reason to run."""
    if not part.shard:
        return None
    left = told.get("removals") if isinstance(told, Mapping) else None
    own = {tenant.admin.email.lower() for tenant in load(root, part.stack).tenants}
    return {admin: each for admin, each in (left or {}).items() if admin in own}


def _run(root: Path, stack: str, inputs: Inputs) -> None:
    """The engine has the terminal: it shows what would change and asks, unless it is told not to."""
    command = ("pulumi", "up", "--stack", stack, "--refresh", "--suppress-outputs", "--message", inputs.message)
    try:
        with subprocess.Popen(command, cwd=root) as process, _passed_on(process):
            code = process.wait()
    except FileNotFoundError:
        raise OperationError("pulumi is not on PATH: install it, then run this again") from None
    if code:
        raise OperationError(f"stack {stack}: the run is not complete: the engine says why above")


@contextmanager
def _passed_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """The engine ends what is under way: a terminal's Ctrl-C reaches it by itself, a SIGTERM reaches only us."""

    def stop(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGTERM:
            process.send_signal(signal.SIGINT)

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
