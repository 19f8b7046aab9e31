"""What the program declares, as the policies see it: run on mocks, secrets unwrapped as the analyzer does."""

from __future__ import annotations

from typing import Any

from policy.declaration import Declaration
from tests.unit.deployment import finished, inputs, run_program, start


def declared(stack: str = "prod") -> list[Declaration]:
    """The local stack's resources, named as if they were of `stack`."""
    monitor = start()
    finished(run_program)
    return [
        Declaration(
            type=each.type,
            urn=f"urn:pulumi:{stack}::clearml-tenants::{_kinds(each)}::{each.name}",
            props=_unwrapped(inputs(each)),
            protect=each.protect,
            provider=each.provider.rpartition("::")[0],
        )
        for each in monitor.registered
    ]


def _kinds(request: Any) -> str:
    parent = request.parent.split("::")[2] if "::" in request.parent else ""
    return f"{parent}${request.type}" if parent and not parent.startswith("pulumi:pulumi:Stack") else request.type


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict):
        return _unwrapped(value["secret"]) if set(value) == {"secret"} else {k: _unwrapped(v) for k, v in value.items()}
    return [_unwrapped(each) for each in value] if isinstance(value, list) else value
