"""`make preview STACK=…`: what the files say first, then what the engine would do with the real stack."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from pulumi.automation.events import EngineEvent

from operations.checkpoints import preview_variables
from operations.errors import OperationError
from operations.files.base import base_of
from operations.files.comparison import comparison_here
from operations.preview.stack_plan import plan_of_stack
from operations.preview.steps import Step, steps_of
from operations.preview.summary import text_of, text_of_files
from settings.loading.load import load
from settings.loading.shell import require_shell

_FAILURE = "stack {}: the preview failed: the engine says why above"
# The engine writes what happens, event by event, only where this is set.
EVENTS = {"PULUMI_DEBUG_COMMANDS": "true"}


def preview_stack(root: Path, stack: str, base: str, show: Callable[[str], None], *, diff: bool) -> None:
    """Compare the files of `stack` with the commit `base`, then preview it; nothing is changed.

    With `diff` the engine's own text follows. Raises ConfigurationError for files that are not valid or a shell set to
    another stack, OperationError if the preview fails.
    """
    require_shell(stack, os.environ)
    short = stack.rpartition("/")[2]
    show(text_of_files(comparison_here(root, short, base)))
    environment = load(root, short)
    steps, said = _steps(root, stack, show, diff=diff)
    plan, restarts = plan_of_stack(root, stack, environment, steps, _commit(root, base))
    show(text_of(plan, restarts.values()))
    if diff:
        show(said)


def _commit(root: Path, base: str) -> str:
    """Empty where it is not known: the comparison of the files said why."""
    try:
        return base_of(root, base)
    except OperationError:
        return ""


def _steps(root: Path, stack: str, show: Callable[[str], None], *, diff: bool) -> tuple[tuple[Step, ...], str]:
    """The engine's steps and its text. Raises OperationError when it is shown why the preview failed."""
    shown = ("--diff",) if diff else ()
    with TemporaryDirectory() as folder:
        events = Path(folder) / "events"
        command = ("pulumi", "preview", "--stack", stack, "--non-interactive", "--suppress-outputs", "--color", "never")
        try:
            done = subprocess.run(
                (*command, *shown, "--event-log", str(events)),
                cwd=root,
                env={**preview_variables(os.environ), **EVENTS},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
        except FileNotFoundError:
            raise OperationError("pulumi is not on PATH: install it, then run this again") from None
        said = done.stdout.decode("utf-8", "replace")
        if done.returncode:
            show(said)
            raise OperationError(_FAILURE.format(stack))
        steps = steps_in(events)
    if steps is None:
        raise OperationError(f"stack {stack}: this pulumi writes no events: update it (docs/upgrades.md)")
    return steps, said


def steps_in(events: Path) -> tuple[Step, ...] | None:
    """The steps that the engine wrote into the file `events`; None if it wrote nothing."""
    lines = events.read_text(encoding="utf-8").splitlines() if events.exists() else []
    return steps_of(EngineEvent.from_json(json.loads(line)) for line in lines) if lines else None
