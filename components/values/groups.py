"""Groups in the apiserver's environment: the document's "Configuring Groups" and "Feature Assignment Strategy"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pulumi

from components.values.environment import EnvironmentVariable, variable
from components.values.hocon import flag, quoted, quoted_secret, texts
from settings.models.groups import CrossTenantGroup, Groups


def group_environment(groups: Groups, ids: Mapping[str, pulumi.Input[str]]) -> Iterator[EnvironmentVariable]:
    """Of a built-in group just its features; of another all five properties, in the document's order."""
    for key, group in groups.built_in():
        yield _property(key, "features", texts(group.features))
    for key, cross_tenant in groups.cross_tenant():
        yield from _cross_tenant(key, cross_tenant, ids[key])


def _cross_tenant(key: str, group: CrossTenantGroup, identifier: pulumi.Input[str]) -> Iterator[EnvironmentVariable]:
    yield _property(key, "id", quoted_secret(identifier))
    yield _property(key, "name", quoted(group.name))
    yield _property(key, "features", texts(group.features))
    yield _property(key, "assignable", flag(group.assignable))
    yield _property(key, "system", flag(False))


def _property(key: str, name: str, value: pulumi.Input[str]) -> EnvironmentVariable:
    return variable(f"CLEARML__services__auth__default_groups__{key}__{name}", value)
