"""Runs `__main__.py` on a real Pulumi engine, as an inline program, against the local environment."""

from __future__ import annotations

import errno
import os
import runpy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pulumi import automation
from pulumi.automation.events import EngineEvent

from local.checkout import PROJECT, Checkout
from local.engine.events import Narrator, is_bare, plain
from local.engine.interrupt import patient
from local.errors import Cause, EngineError, LocalError
from operations.checkpoints import preview_variables
from operations.preview.restarts.release_restarts import Render
from operations.preview.steps import Step, steps_of

# What the system says of a full disk, wherever it stands in what the engine says.
_NO_ROOM = os.strerror(errno.ENOSPC).lower()


@dataclass(frozen=True)
class Outcome:
    """What an operation did: resources per operation (`same`, `create`, …) and the stack's outputs, no secrets."""

    changes: Mapping[str, int]
    outputs: Mapping[str, Any]

    @property
    def changed(self) -> int:
        return sum(count for operation, count in self.changes.items() if operation != "same")


class Engine:
    """One stack's operations; every failure is a LocalError, an EngineError with a line a cause."""

    render: Render | None = None
    """Asked what a change of a release restarts; without it nothing is said of that."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._name = checkout.stack
        # The program runs in this very process, and must see what it would see under plain pulumi.
        os.environ.update(checkout.variables())

    def up(self) -> Outcome:
        """Create and change what differs from the files."""
        with Narrator("up", render=self.render) as narrator, patient(), _one_line(narrator):
            done = self._stack.up(on_event=narrator.hear, show_secrets=False, suppress_outputs=True)
        return Outcome(narrator.changes, _without_secrets(done.outputs))

    def preview(self, *, diff: bool = False) -> tuple[tuple[Step, ...], list[str]]:
        """What `up` would do, resource by resource, and with `diff` the engine's own text; nothing is changed."""
        said: list[str] = []
        more = {"on_output": said.append, "diff": True, "color": "never"} if diff else {}
        return self._previewed(**more), said

    def steps(self) -> tuple[Step, ...]:
        """What `up` would do, resource by resource; nothing is printed or changed."""
        return self._previewed()

    def _previewed(self, **more: Any) -> tuple[Step, ...]:  # noqa: ANN401 - the engine's own options
        events: list[EngineEvent] = []

        def hear(event: EngineEvent) -> None:
            events.append(event)
            narrator.hear(event)

        narrated = Narrator("preview", quiet=True, render=self.render)
        with narrated as narrator, patient(), _one_line(narrator), _no_checkpoints(self._stack):
            self._stack.preview(on_event=hear, **more)
        return steps_of(events)

    def refresh(self, *urns: str) -> Outcome:
        """Read back every resource, or these, and keep in the state what was found."""
        with Narrator("refresh") as narrator, patient(), _one_line(narrator):
            self._stack.refresh(
                on_event=narrator.hear, show_secrets=False, suppress_outputs=True, target=list(urns) or None
            )
        return Outcome(narrator.changes, {})

    def destroy(self) -> Outcome:
        """Remove every resource; companies and their admins stay with the server, see the provider."""
        with Narrator("destroy") as narrator, patient(), _one_line(narrator):
            self._stack.destroy(on_event=narrator.hear, show_secrets=False, suppress_outputs=True)
        return Outcome(narrator.changes, {})

    def outputs(self) -> Mapping[str, Any]:
        """The stack's outputs; a secret one is left out."""
        return _without_secrets(self._stack.outputs())

    @cached_property
    def _stack(self) -> automation.Stack:
        """Selected once: the engine is started three times for it, a quarter of a second each."""
        try:
            return automation.create_or_select_stack(
                stack_name=self._name,
                project_name=PROJECT,
                program=self._program,
                opts=automation.LocalWorkspaceOptions(
                    work_dir=str(self._checkout.root),
                    pulumi_home=str(self._checkout.pulumi_home),
                    env_vars=self._checkout.variables(),
                    pulumi_command=automation.PulumiCommand(root=str(self._checkout.data)),
                ),
            )
        except automation.CommandError as cause:
            raise LocalError(f"stack {self._name}: {_last_error(str(cause))}") from None

    def _program(self) -> None:
        runpy.run_path(str(self._checkout.root / "__main__.py"), run_name="__main__")


@contextmanager
def _no_checkpoints(stack: automation.Stack) -> Iterator[None]:
    """What the engine of a preview is given; the stack's next operation is without it."""
    workspace = stack.workspace
    before = workspace.env_vars
    workspace.env_vars = preview_variables(before)
    try:
        yield
    finally:
        workspace.env_vars = before


@contextmanager
def _one_line(narrator: Narrator) -> Iterator[None]:
    """A failed operation as the lines of its causes, without the engine's own transcript."""
    try:
        yield
    except automation.CommandError as cause:
        raise EngineError(narrator.causes or [Cause(_last_error(str(cause)))]) from None


def _without_secrets(outputs: Mapping[str, automation.OutputValue]) -> Mapping[str, Any]:
    return {name: output.value for name, output in outputs.items() if not output.secret}


def _last_error(transcript: str) -> str:
    """The last line of a transcript that names an error, for failures that come before any event.

    One that says why goes before one that only says that it failed.
    """
    lines = [plain(line) for line in transcript.splitlines() if line.strip()]
    told = [line.split("error:", 1)[-1].strip() for line in lines if "error:" in line]
    reasons = [line for line in told if not is_bare(line)]
    return (reasons or [line for line in lines if _NO_ROOM in line] or told or lines or ["the engine said nothing"])[-1]
