"""What the engine's preview says it would do, resource by resource, without the engine's own shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi.automation.events import EngineEvent, StepEventMetadata, StepEventStateMetadata

from operations.urns import TENANT, kind_of, name_of, types_of

# The halves of a replacement, which the engine tells besides the whole.
_HALVES = frozenset({"create-replacement", "delete-replaced"})


@dataclass(frozen=True)
class Step:
    """One resource: `operation` (same, create, update, replace, delete, …), its inputs before and after.

    `tenant` is the name of the tenant it belongs to, empty for what is everybody's. `old` and `new` are empty where
    there is none; a secret in them is the engine's `[secret]`, what is not known yet one of its `UNKNOWN` texts.
    `provider` is the URN of what makes it, with its id behind; `protect` is as the program says now. `differs` are the
    paths that its provider found to differ, as `values.clearml.apiserverKey`; a secret's, too.
    """

    operation: str
    token: str
    name: str
    tenant: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    urn: str = ""
    provider: str = ""
    protect: bool = False
    differs: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`Release` of `kubernetes:helm.sh/v3:Release`."""
        return kind_of(self.token)


def steps_of(events: Iterable[EngineEvent]) -> tuple[Step, ...]:
    """Every step of a preview that the Automation API told event by event, in the engine's order."""
    told = [event.resource_pre_event.metadata for event in events if event.resource_pre_event]
    parents: dict[str, str | None] = {step.urn: _state(step).parent for step in told}
    return tuple(_step(step, parents) for step in told if str(step.op) not in _HALVES)


def tenant_of(urn: str, parents: Mapping[str, str | None]) -> str:
    """The name of the tenant's component above, if any; the types in a urn are its parents', their names are not."""
    here: str | None = urn
    while here:
        if types_of(here).endswith(f"::{TENANT}"):
            return name_of(here)
        here = parents.get(here)
    return ""


def _step(told: StepEventMetadata, parents: Mapping[str, str | None]) -> Step:
    operation = str(getattr(told.op, "value", told.op))
    name = name_of(told.urn)
    new = _inputs(told.new)
    old = new if operation == "same" else _inputs(told.old)
    state = _state(told)
    return Step(
        operation,
        told.type,
        name,
        tenant_of(told.urn, parents),
        old,
        new,
        urn=told.urn,
        provider=state.provider or "",
        protect=bool(state.protect),
        differs=tuple(told.detailed_diff or ()),
    )


def _state(told: StepEventMetadata) -> StepEventStateMetadata:
    state = told.new or told.old
    if state is None:
        raise ValueError(f"{told.urn}: the engine told neither an old nor a new state")
    return state


def _inputs(state: StepEventStateMetadata | None) -> Mapping[str, Any]:
    inputs = (state.inputs if state else None) or {}
    return {name: value for name, value in inputs.items() if name != "__provider"}
