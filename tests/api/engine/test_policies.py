"""The policies over what the real engine tells in a preview: none is violated by the program, whatever is known yet."""

from __future__ import annotations

from typing import Any

from pulumi import automation

from local.engine.policies import violations_of
from operations.preview.steps import Step, steps_of
from tests.api.program import Program


def _file(name: str, **more: Any) -> dict[str, Any]:
    return {
        "company": f"{name.title()} Inc.",
        "admin": {"name": f"{name.title()} Admin", "email": f"admin@{name}.example"},
        "signIn": {"domains": [f"{name}.example"]},
        "agent": {"queues": {"default": {}}},
        "gateway": {"hostName": f"router.{name}.clearml.example"},
        **more,
    }


def _steps(program: Program) -> tuple[Step, ...]:
    events: list[automation.EngineEvent] = []
    program.stack.preview(on_event=events.append, color="never")
    return steps_of(events)


def test_no_policy_is_violated_before_and_after_the_first_deployment(program: Program) -> None:
    """Before it, half of what they look at is not known yet; secrets are hidden in both."""
    program.write("acme", _file("acme"))
    program.write("beta", _file("beta", protect=False))
    first = _steps(program)
    assert violations_of(first) == []
    # So it did look: without what closes a namespace, and without the file's word on the company.
    open_one = [step for step in first if step.name != "acme-default-deny"]
    assert [line.partition(": no ")[0] for line in violations_of(open_one)] == ["closed-namespaces: namespace acme"]
    unsaid = [step for step in first if step.kind != "Departures"]
    assert [line.partition(":")[0] for line in violations_of(unsaid)] == ["protected-companies"]
    program.up()
    later = _steps(program)
    assert {step.operation for step in later} == {"same"}
    assert violations_of(later) == []
