"""The policies of `policy/` over a preview: what runs a pack comes with the official Pulumi only, its functions do not.

They see what an analyzer shows them, but for one thing: the engine tells no secret here, so each is a value unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

from operations.preview.restarts.rendering import known
from operations.preview.steps import Step
from operations.urns import without_id
from policy.declaration import Declaration
from policy.policies import violations

_GONE = "delete"


def violations_of(steps: Iterable[Step]) -> list[str]:
    """Of what would be there afterwards; one line each, the policy's name first."""
    return list(violations([_declared(step) for step in steps if step.operation != _GONE]))


def _declared(step: Step) -> Declaration:
    return Declaration(
        type=step.token,
        urn=step.urn,
        props={name: known(value) for name, value in step.new.items()},
        protect=step.protect,
        provider=without_id(step.provider),
    )
