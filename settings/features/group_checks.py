"""Checks of groups: by themselves, and against what the server and the tenants have.

What a group lists and no tenant is known to have is a warning, not an error: the document demands that it is enabled
first, and shows lists without; a server may have it by its licence or as a trial. What only some tenants cannot have
is a warning too: a group is in every tenant, also in those that have not what it is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from settings.check_registry import check
from settings.facts import Facts
from settings.features.effective import EVERYBODY, Effective, effective, layers_of
from settings.finding import WARNING, Finding, setting
from settings.listing import listing
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.feature_catalogue import CATALOGUE


@check("groups give somebody something, and each has an id of its own")
def check_groups(facts: Facts) -> Iterator[Finding]:
    """Everything wrong with groups whatever tenants there are."""
    if (settings := facts.settings) is None:
        return
    yield from _ids(settings)
    for key, group in settings.groups.cross_tenant():
        if not group.assignable and "user_management" in group.features:
            at = f"groups.{key}.features[{group.features.index('user_management')}]"
            text = "'user_management' has no effect in a group that is not assignable; remove it, or add"
            yield Finding(setting("", at), f"{text} assignable: true", WARNING)
        if not group.features:
            text = "[] lets nothing through; list features, or remove the group"
            yield Finding(setting("", f"groups.{key}.features"), text, WARNING)
    users = settings.groups.users
    if users and not users.features and not any(group.features for _, group in settings.groups.items()):
        text = "[] leaves nobody any feature: no other group has one either; list some here, or in another group"
        yield Finding(setting("", "groups.users.features"), text, WARNING)


@check("what groups list is enabled somewhere, and no tenant is without")
def check_groups_in_tenants(facts: Facts) -> Iterator[Finding]:
    """Everything that groups list in vain; all tenants have to be known, and without any there is nothing to say."""
    settings, tenants = facts.settings, facts.tenants
    if settings is None or not facts.is_whole or not tenants:
        return
    results = {tenant.name: effective(layers_of(settings, tenant)) for tenant in tenants}
    yield from _enabled_nowhere(settings, results)
    yield from _without_effect(settings, results)
    if any(group.features for _, group in settings.groups.items()):
        yield from _without_any(results)
        yield from _granted_in_vain(tenants, results)


def _ids(settings: StackSettings) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for key, group in settings.groups.cross_tenant():
        other = first.setdefault(group.id, key) if group.id else key
        if other != key:
            text = f"{group.id!r} is already the id of group {other}; give each its own, or leave it out: one is made"
            yield Finding(setting("", f"groups.{key}.id"), text)


def _enabled_nowhere(settings: StackSettings, results: Mapping[str, Effective]) -> Iterator[Finding]:
    enabled = frozenset[str]().union(*(result.available for result in results.values()))
    for key, group in settings.groups.items():
        found = [
            (index, name)
            for index, name in enumerate(group.features)
            if name in CATALOGUE and not CATALOGUE[name].deprecated and name not in enabled
        ]
        if len(found) == 1:
            ((index, name),) = found
            text = f"{name!r} is enabled neither for the server nor for any tenant here, so no group gives it;"
            fix = "add it to the stack's features or a tenant's, unless the licence brings it, or remove it"
            yield Finding(setting("", f"groups.{key}.features[{index}]"), f"{text} {fix}", WARNING)
        elif found:
            names = ", ".join(name for _, name in found)
            text = f"{names} are enabled neither for the server nor for any tenant here, so no group gives them;"
            fix = "add them to the stack's features or a tenant's, unless the licence brings them, or remove them"
            yield Finding(setting("", f"groups.{key}.features"), f"{text} {fix}", WARNING)


def _without_effect(settings: StackSettings, results: Mapping[str, Effective]) -> Iterator[Finding]:
    for key, group in settings.groups.items():
        without = [tenant for tenant, result in results.items() if not result.groups[key]]
        # Where none of its features is enabled anywhere, that has been said.
        if group.features and without and len(without) < len(results):
            text = (
                f"lets nothing through in tenants {listing(without)}: none of its features is enabled there; enable one"
            )
            yield Finding(setting("", f"groups.{key}"), f"{text}, or put nobody there into it", WARNING)


def _without_any(results: Mapping[str, Effective]) -> Iterator[Finding]:
    for tenant, result in results.items():
        if result.available and not result.of_user(result.groups):
            text = f"{listing(sorted(result.available))}: no group lets any of them through, so nobody has a feature;"
            yield Finding(
                setting(tenant, "features"), f"{text} add one to a group of the stack, like {EVERYBODY}", WARNING
            )


def _granted_in_vain(tenants: Sequence[Tenant], results: Mapping[str, Effective]) -> Iterator[Finding]:
    """What a tenant is granted by itself and no group lets through; where nobody has anything, that has been said."""
    for tenant in tenants:
        through = results[tenant.name].of_user(results[tenant.name].groups)
        for index, name in enumerate(tenant.features if through else ()):
            if name in CATALOGUE and not CATALOGUE[name].deprecated and name not in through:
                text = f"{name!r} is granted, and no group lets it through, so nobody has it; add it to a group of the"
                yield Finding(
                    setting(tenant.name, f"features[{index}]"), f"{text} stack, like {EVERYBODY}, or remove it", WARNING
                )
