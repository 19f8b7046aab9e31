"""Turns the engine's events into lines a person reads, and keeps its errors for the one line at the end."""

from __future__ import annotations

import re
import time
from types import TracebackType
from typing import Self

from pulumi.automation.events import DiagnosticEvent, EngineEvent, StepEventMetadata
from rich.status import Status

from local.errors import Cause
from local.progress import console, note
from operations.health.advice import with_remediation
from operations.preview.restarts.release_restarts import Render, changed_releases, restarts_of
from operations.preview.steps import steps_of
from operations.urns import kind_of, name_of, stack_of, types_of

_COLOUR = re.compile(r"<\{%.*?%\}>")
_DONE = {
    "create": "created",
    "update": "changed",
    "delete": "deleted",
    "replace": "replaced",
    "create-replacement": "made anew",
    "delete-replaced": "removed the old",
    "read": "read",
    "refresh": "read",
    "import": "imported",
}
# The engine's remark on each plugin that it takes from .local/bin, where we put it on purpose.
# And on one that is older than its Python package, which is said once, with the reason (local.environment).
_EXPECTED = re.compile(r"^using pulumi-\S+ from \$PATH|^resource plugin \S+ is expected to have version >=")
_TRANSACTION = re.compile(r"transaction \w+")
# What the engine and the program's side of it say of a failure that was told before.
_SUMMARIES = re.compile(
    r"^(update|preview|refresh|destroy|resource \S+) failed|errors? occurred|^Resource monitor has terminated"
)
# One that says no more than that; another may be the only one with the reason, as of a full disk.
_BARE = re.compile(r"(?:(?:update|preview|refresh|destroy|resource \S+) failed|(?:\d+|an?) errors? occurred)[.:]?")


def is_bare(text: str) -> bool:
    """Whether it says that something failed, and not why."""
    return bool(_BARE.fullmatch(text.strip()))


def plain(message: str) -> str:
    """The text of an engine message without its colour marks, on one line."""
    return " ".join(_COLOUR.sub("", message).split())


def title(urn: str) -> str:
    """`acme (Company)` of `urn:pulumi:local::clearml-tenants::…$pulumi-python:dynamic/clearml:Company::acme`."""
    return f"{name_of(urn)} ({kind_of(types_of(urn))})"


def _is_provider(kind: str) -> bool:
    return kind.startswith("pulumi:providers:")


class Narrator:
    """Hears one operation's events; shows what is under way and what is done; collects changes and errors.

    With `render` it says what each changed release restarts, before that happens.
    """

    def __init__(self, operation: str, *, quiet: bool = False, render: Render | None = None) -> None:
        self.operation = operation
        self.changes: dict[str, int] = {}
        self._causes: dict[str, Cause] = {}
        self._summaries: dict[str, Cause] = {}
        self._quiet = quiet
        self._render = render
        self._under_way: dict[str, float] = {}
        self._known: set[str] = set()
        self._finished_urns: set[str] = set()
        self._status: Status | None = None

    @property
    def causes(self) -> list[Cause]:
        """Why it failed, each once; of what sums up, only if nothing else was said."""
        return list((self._causes or self._summaries).values())

    def __enter__(self) -> Self:
        if console.is_terminal and not self._quiet:
            self._status = console.status(f"{self.operation}: starting the engine")
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._status:
            self._status.stop()

    def hear(self, event: EngineEvent) -> None:
        """Take one event; called by the Automation API, in order."""
        if event.resource_pre_event:
            self._tell_restarts(event)
            self._started(event.resource_pre_event.metadata)
        elif event.res_outputs_event:
            self._finished(event.res_outputs_event.metadata)
        elif event.res_op_failed_event:
            self._under_way.pop(event.res_op_failed_event.metadata.urn, None)
        elif event.diagnostic_event:
            self._said(event.diagnostic_event)
        elif event.summary_event:
            self.changes = {str(operation): count for operation, count in event.summary_event.resource_changes.items()}

    def _tell_restarts(self, event: EngineEvent) -> None:
        if self._render is None:
            return
        for step in changed_releases(steps_of([event])):
            note(f"  {step.name}: {restarts_of(step, self._render, self._render)}")

    def _started(self, step: StepEventMetadata) -> None:
        self._known.add(step.urn)
        if step.op != "same":
            self._under_way[step.urn] = time.monotonic()
        self._update_status()

    def _finished(self, step: StepEventMetadata) -> None:
        since = self._under_way.pop(step.urn, None)
        self._known.add(step.urn)
        self._finished_urns.add(step.urn)
        self._update_status()
        state = step.new or step.old
        if self._quiet or step.op not in _DONE or not state or not state.custom or _is_provider(state.type):
            return
        if step.op in ("refresh", "read") and not step.diffs and step.new:
            return
        took = f"  {time.monotonic() - since:.1f} s" if since else ""
        note(f"  {_DONE[step.op]:<15} {title(step.urn)}{took}  ({self._progress})")

    def _said(self, said: DiagnosticEvent) -> None:
        text = plain(said.message)
        if not text or said.severity == "debug" or said.ephemeral or _EXPECTED.search(text):
            return
        if said.severity == "error":
            if not is_bare(text):
                # One cause met by several resources differs in the call's number only.
                cause = Cause(with_remediation(text, stack_of(said.urn or "")), said.urn or "")
                where = self._summaries if _SUMMARIES.search(text) else self._causes
                where.setdefault(_TRANSACTION.sub("", text), cause)
        elif not self._quiet:
            # The engine lists every pending operation by its whole urn; our own create finds what each left.
            told = text.partition(" * urn:")[0]
            note(f"  {'warning: ' if said.severity == 'warning' else ''}{told}")

    def _update_status(self) -> None:
        if self._status:
            names = ", ".join(title(urn) for urn in list(self._under_way)[:4])
            self._status.update(f"{self.operation}: {self._progress}: {names or 'comparing'}")

    @property
    def _progress(self) -> str:
        """Of the resources that the engine has come to so far; it does not say how many there will be."""
        return f"{len(self._finished_urns)} of {len(self._known)} resources"
