"""Groups of users as the server is told about them: which features each lets through.

A user has the union over their groups. Everybody is in `users`; a group grants only what the server or the tenant has
enabled: the document's "Configuring Groups" and "Feature Assignment Strategy"; contract 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import ConfigDict, Field

from settings.models.base import Settings
from settings.types.vocabulary import Feature, GroupId, GroupKey, GroupName

GroupFeatures = Annotated[tuple[Feature, ...], Field(strict=False, examples=["[applications, reports]"])]


class BuiltInGroup(Settings):
    """`users` (everybody), `admins` or `queue_admins`: the server has them, only their list is ours."""

    features: GroupFeatures = Field(
        description="The features that the group lets through, as far as the server or the tenant has them enabled."
    )


class CrossTenantGroup(Settings):
    """A group that every tenant has, under the key it is written with (`default_groups__<key>__…`).

    Membership of one that is not assignable comes from elsewhere. `system` is always false and therefore not asked for.
    """

    id: GroupId | None = Field(
        default=None,
        description="The group's id, where it exists already; one is made once and kept if left out.",
        examples=["6f1c2a3e-0b7d-4a52-9c68-2f4f3b8f1d10"],
    )
    name: GroupName = Field(description="How people see the group.", examples=["Data Scientists"])
    features: GroupFeatures = Field(
        description="The features that the group lets through, as far as the server or the tenant has them enabled."
    )
    assignable: bool = Field(
        default=False,
        description="Whether tenants' admins may put users into the group in the web UI.",
        examples=["true"],
    )


class Groups(Settings):
    """The object `groups` of a stack: the three built-in names, and any other key as a cross-tenant group.

    A key is part of a variable's name, which the server lower-cases and splits at `__` and `.`, so only lower-case
    words joined by single `_` are keys, and no two can be the same to the server.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[GroupKey, CrossTenantGroup] = Field(init=False)

    # The server's own names, in its spelling and not in camelCase.
    users: BuiltInGroup | None = Field(
        default=None,
        description=(
            "The group that everybody is in; without it everything of the tenant is let through, with `[]` only what "
            "other groups grant."
        ),
        examples=["{features: [applications]}"],
    )
    admins: BuiltInGroup | None = Field(
        default=None, description="The group of the tenants' admins.", examples=["{features: [user_management]}"]
    )
    queue_admins: BuiltInGroup | None = Field(
        default=None,
        alias="queue_admins",
        description="The group of those who manage queues.",
        examples=["{features: [queue_management]}"],
    )

    def built_in(self) -> Iterator[tuple[str, BuiltInGroup]]:
        """Key and group of the built-in ones that have a list here."""
        for key in type(self).model_fields:
            group = getattr(self, key)
            if group is not None:
                yield key, group

    def cross_tenant(self) -> Iterator[tuple[str, CrossTenantGroup]]:
        """Key and group of the others, in the order of the file."""
        yield from self.__pydantic_extra__.items()

    def items(self) -> Iterator[tuple[str, BuiltInGroup | CrossTenantGroup]]:
        """All of them, as of a mapping: the built-in ones first."""
        yield from self.built_in()
        yield from self.cross_tenant()
