"""The ids of cross-tenant groups, which the server knows its groups by: one lost is a group lost to its members."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_random import RandomUuid

from components.clearml.group_ids import GroupIds
from settings.models.groups import CrossTenantGroup, Groups


def group_ids(groups: Groups, opts: pulumi.ResourceOptions) -> dict[str, pulumi.Input[str]]:
    """Of every cross-tenant group, by its key: the given one, or one that is made once."""
    return {key: _id(key, group, opts) for key, group in groups.cross_tenant()}


def remember(ids: Mapping[str, pulumi.Input[str]], opts: pulumi.ResourceOptions) -> None:
    """So that a preview in which a group would lose its id is refused. Nothing depends on what remembers, or it could
    not be deleted from the state: the way out for who means it."""
    if ids:
        GroupIds("group-ids", ids, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=True)))


def _id(key: str, group: CrossTenantGroup, opts: pulumi.ResourceOptions) -> pulumi.Input[str]:
    """A made id hangs on the group's key alone, so nothing else that changes about the group changes it; protected,
    so that a key taken out of the file, or written otherwise, stops the run instead of losing the group."""
    if group.id is not None:
        return group.id
    protected = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=True))
    return RandomUuid(f"group-{key}", opts=protected).result
