"""What the stack of a shard tells before a run of it has ever ended well: that it has no tenants.

Plain `pulumi` looks only into states of stacks that tell anything (`components.shards.homes`): the engine breaks down
at one that was never written. Until then a file that is moved by hand would be a removal that nobody is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from operations.engine import EngineStack
from settings.types.naming import PROJECT

_ROOT = "pulumi:pulumi:Stack"
_TOLD = {"tenants": dict[str, Any]()}


def tell_first_outputs(stack: EngineStack) -> None:
    """Write them if the stack tells nothing; its next complete run replaces them. Raises OperationError."""
    exported = stack.exported()
    before = exported.get("deployment") or {}
    after = with_first_outputs(before, stack.name.rpartition("/")[2])
    if after != before:
        stack.replace({**exported, "deployment": after})


def with_first_outputs(deployment: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Pure: the state of the stack `name` with them, where its own resource is missing or has no outputs."""
    resources = list(deployment.get("resources") or [])
    root = next((each for each in resources if each["type"] == _ROOT), None)
    if root is None:
        urn = f"urn:pulumi:{name}::{PROJECT}::{_ROOT}::{PROJECT}-{name}"
        made = {"urn": urn, "custom": False, "type": _ROOT, "outputs": _TOLD}
        return {**deployment, "resources": [made, *resources]}
    told = [{**each, "outputs": _TOLD} if each is root and not each.get("outputs") else each for each in resources]
    return {**deployment, "resources": told}
