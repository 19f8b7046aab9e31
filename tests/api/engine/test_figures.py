"""The figures of `make bench` at a small number of tenants: promised, so a run of the tests breaks when one does."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from typing import Any

import pulumi
import pytest
from pulumi.automation.events import EngineEvent
from pulumi.runtime.proto import engine_pb2

from operations.checkpoints import SKIP
from operations.preview.steps import steps_of
from tests.api.figures import measure
from tests.api.program import Program
from tests.emulator import Emulator
from tests.tenants import whole

# More than the plugin serves calls at a time: what waits there for another resource would be seen in the counts.
TENANTS = 6


def test_counts_and_sizes(program: Program, emulator: Emulator) -> None:
    """Made, nothing to do, read back, kept; what is kept names no file of whoever ran it."""
    figures = [
        *measure.first_create(program, emulator, TENANTS),
        *measure.nothing_to_do(program, emulator),
        *measure.refresh(program, emulator, TENANTS),
        *measure.state(program, TENANTS),
    ]
    assert [figure for figure in figures if not figure.holds] == []
    placed = [each["type"] for each in program.exported().values() if each.get("sourcePosition")]
    assert placed == ["pulumi:pulumi:Stack"]


def test_one_changed_email_touches_one_tenant(program: Program, emulator: Emulator) -> None:
    assert [each for each in measure.one_changed_email(program, emulator, TENANTS) if not each.holds] == []


def test_waits_at_the_end_grow_with_the_tenants(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK waits for all that is outstanding, anew each time one is done: a dozen tenants were 262,722 waits."""
    waits: list[int] = []
    wait = asyncio.wait

    async def counting(tasks: Iterable[Any], **options: Any) -> Any:
        waits.append(len(together := list(tasks)))
        return await wait(together, **options)

    for each in range(12):
        program.write(f"t{each}", whole(f"t{each}"))
    monkeypatch.setattr(asyncio, "wait", counting)
    program.preview()
    assert 0 < sum(waits) <= 100 * 12


def test_nobody_looks_through_all_objects_for_garbage(program: Program) -> None:
    """Six tenants were a hundred looks; at thirty tenants they took a quarter to a third of the program's CPU time."""
    for each in range(TENANTS):
        program.write(f"t{each}", whole(f"t{each}"))
    # What is loaded the first time is no part of it.
    program.preview()
    looks: list[str] = []
    before = gc.get_threshold()

    def note(phase: str, _found: dict[str, int]) -> None:
        looks.append(phase)

    gc.callbacks.append(note)
    try:
        program.preview()
    finally:
        gc.callbacks.remove(note)
    assert looks.count("start") <= 5
    assert gc.get_threshold() == before


@pytest.mark.parametrize("asked_for", [False, True])
def test_the_sdk_sends_no_debug_messages_unless_asked(
    program: Program, monkeypatch: pytest.MonkeyPatch, *, asked_for: bool
) -> None:
    """Each was a call that the whole program waited for: four to five a resource, a quarter of a preview's CPU time."""
    sent: list[int] = []
    log: Callable[..., None] = pulumi.log._log

    def counting(engine: Any, severity: int, *message: Any) -> None:
        sent.append(severity)
        log(engine, severity, *message)

    program.write("acme", whole("acme"))
    monkeypatch.setattr(pulumi.log, "_log", counting)
    monkeypatch.setenv("PULUMI_OPTION_DEBUG", "true" if asked_for else "")
    program.preview()
    # One or two are from before the program begins.
    assert (sent.count(engine_pb2.DEBUG) > 10) == asked_for


def test_preview_says_the_same_without_checkpoints(program: Program) -> None:
    """Of what is to be made, and of what is the same, changes and goes; the state is as before."""
    for name in ("acme", "beta"):
        program.write(name, whole(name))
    assert _heard(program, skip="true") == _heard(program, skip="false")
    program.up()
    program.write("acme", {**whole("acme"), "company": "Other"})
    program.write("gamma", whole("gamma"))
    program.remove("beta")
    state = program.state_file.read_bytes()
    heard = _heard(program, skip="true")
    assert heard == _heard(program, skip="false")
    assert {"same", "create", "update", "delete"} <= {step.split()[0] for step in heard}
    assert program.state_file.read_bytes() == state


def _heard(program: Program, *, skip: str) -> list[str]:
    """All that a preview says, step by step, and its counts; what is made side by side has no order."""
    events: list[EngineEvent] = []
    variables = program.stack.workspace.env_vars
    program.stack.workspace.env_vars = {**variables, SKIP: skip}
    try:
        counts = program.stack.preview(on_event=events.append, color="never").change_summary
    finally:
        program.stack.workspace.env_vars = variables
    steps = [f"{step.operation} {step}" for step in steps_of(events)]
    ends = [f"end {each.metadata.op} {each.metadata.urn}" for event in events if (each := event.res_outputs_event)]
    told = [event.diagnostic_event for event in events if event.diagnostic_event]
    said = [f"said {each.urn} {each.message}" for each in told if each.severity != "debug"]
    return sorted([*steps, *ends, *said, f"counts {sorted(map(str, counts.items()))}"])
