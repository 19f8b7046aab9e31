"""The policies of `policy/` over a preview: what runs a pack comes with the official Pulumi only, its functions do not.

They see what an analyzer shows them, but for one thing: the engine tells no secret here, so each is a value unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pulumi.runtime import rpc

from operations.preview.difference import UNKNOWN as UNKNOWN_TEXTS
from operations.preview.steps import Step
from operations.urns import without_id
from policy.declared import UNKNOWN, Declared
from policy.policies import violations

_SECRET = "[secret]"  # noqa: S105 - the engine's word for one
_GONE = "delete"


def violations_of(steps: Iterable[Step]) -> list[str]:
    """Of what would be there afterwards; one line each, the policy's name first."""
    return list(violations([_declared(step) for step in steps if step.operation != _GONE]))


def _declared(step: Step) -> Declared:
    return Declared(
        type=step.token,
        urn=step.urn,
        props={name: known(value) for name, value in step.new.items()},
        protect=step.protect,
        provider=without_id(step.provider),
    )


def known(value: Any) -> Any:  # noqa: ANN401 - whatever a property holds
    """The value as policies and charts see it: what the engine does not show is UNKNOWN."""
    if isinstance(value, dict):
        return UNKNOWN if rpc._special_sig_key in value else {name: known(each) for name, each in value.items()}
    if isinstance(value, list):
        return [known(each) for each in value]
    return UNKNOWN if value == _SECRET or value in UNKNOWN_TEXTS else value
