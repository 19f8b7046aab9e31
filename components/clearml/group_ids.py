"""Remembers the ids of cross-tenant groups, which the server knows them by: one lost is a group lost to its members.

Nothing of the API: a state knows what the files said before, and the files do not.
"""

# ruff: noqa: ARG002 - the arguments are the base class's

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, UpdateResult

from components.clearml.provider import ClearMLProvider, Properties, unknown, with_api_wait

_ID = "group-ids"
_WHOLE = ""


class GroupIdsProvider(ClearMLProvider):
    """Refuses, in the preview, an id that no group has any more; a group may be called by another key."""

    compared = ("ids",)

    def validate(self, olds: Properties, news: Properties) -> Mapping[str, str]:
        before, after = _ids(olds), _ids(news)
        lost = {key: id_ for key, id_ in sorted(before.items()) if not unknown(id_) and id_ not in after.values()}
        if not lost:
            return {}
        said = "; ".join(f"group {key}: put it back as it was (its id is {id_})" for key, id_ in lost.items())
        return {
            _WHOLE: f"{said}: members lose a group whose id is lost; to let it go for good, "
            "run `pulumi state delete --force` on this resource first (docs/stacks.md)"
        }

    @with_api_wait
    def create(self, props: Properties) -> CreateResult:
        return CreateResult(_ID, {"ids": props["ids"]})

    @with_api_wait
    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        return UpdateResult({"ids": news["ids"]})

    def read(self, id_: str, props: Properties) -> ReadResult:
        return ReadResult(id_, {"ids": props["ids"]}, {"ids": props["ids"]})

    def delete(self, id_: str, props: Properties) -> None:
        """There is nothing to take away."""


def _ids(props: Properties) -> Mapping[str, str]:
    found: Any = props.get("ids")
    return found if isinstance(found, Mapping) else {}


class GroupIds(Resource, module="clearml", name="GroupIds"):
    """`ids`: of every cross-tenant group, by its key."""

    def __init__(
        self,
        resource_name: str,
        ids: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(GroupIdsProvider(), resource_name, {"ids": dict(ids)}, opts)
