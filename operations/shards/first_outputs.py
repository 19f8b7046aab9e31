"""What the stack of a shard tells before a run of it has ever ended well, and what the platform's tells of shards then.

Plain `pulumi` looks only into states of stacks that tell anything (`components.shards.homes`): the engine breaks down
at one that was never written. Until then a file that is moved by hand would be a removal that nobody is asked about.
And a checkout without a shard's link would make that shard's tenants anew, unless the platform's state tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from operations.engine import EngineStack
from settings.types.naming import PROJECT

_ROOT = "pulumi:pulumi:Stack"
_TOLD = {"tenants": dict[str, Any]()}
# As `components.shards.platform_run` exports them.
_SHARDS, _NAMES = "shards", "names"


def tell_first_outputs(stack: EngineStack) -> None:
    """Write them if the stack tells nothing; its next complete run replaces them. Raises OperationError."""
    _rewrite(stack, lambda before: with_first_outputs(before, stack.name.rpartition("/")[2]))


def with_first_outputs(deployment: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Pure: the state of the stack `name` with them, where its own resource is missing or has no outputs."""
    resources = list(deployment.get("resources") or [])
    root = next(filter(_is_root, resources), None)
    if root is None:
        urn = f"urn:pulumi:{name}::{PROJECT}::{_ROOT}::{PROJECT}-{name}"
        made = {"urn": urn, "custom": False, "type": _ROOT, "outputs": _TOLD}
        return {**deployment, "resources": [made, *resources]}
    told = [{**each, "outputs": _TOLD} if each is root and not each.get("outputs") else each for each in resources]
    return {**deployment, "resources": told}


def tell_shard(platform: EngineStack, shard: str) -> None:
    """Before it has its first tenant, the state of the platform tells of it, as that one's next complete run does.

    Raises OperationError.
    """
    _rewrite(platform, lambda before: with_shard(before, shard))


def with_shard(deployment: Mapping[str, Any], shard: str) -> dict[str, Any]:
    """Pure: the platform's state with it; one that was never written has nothing that could tell, and stays so."""
    names = sorted({*told_shards(deployment), shard})
    resources = deployment.get("resources") or []
    told = [
        {**each, "outputs": _telling(each.get("outputs") or {}, names)} if _is_root(each) else each
        for each in resources
    ]
    return {**deployment, "resources": told} if told else dict(deployment)


def told_shards(deployment: Mapping[str, Any]) -> list[str]:
    """Pure: the shards that the platform's state tells of."""
    root: Mapping[str, Any] = next(filter(_is_root, deployment.get("resources") or []), {})
    return list(((root.get("outputs") or {}).get(_SHARDS) or {}).get(_NAMES) or [])


def _rewrite(stack: EngineStack, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """Put the changed state in the place of the stack's, if it differs."""
    exported = stack.exported()
    before = exported.get("deployment") or {}
    after = change(before)
    if after != before:
        stack.replace({**exported, "deployment": after})


def _is_root(resource: Mapping[str, Any]) -> bool:
    return bool(resource["type"] == _ROOT)


def _telling(outputs: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {**outputs, _SHARDS: {**(outputs.get(_SHARDS) or {}), _NAMES: names}}
