"""Who has which feature in the end: one pure function of server, tenant, exclusions and groups (contract 5).

A feature has to be on for the server or the tenant; exclusions subtract; each group lets the part through that is in
its list; a user has the union of their groups, and everybody is in `users`.

Where the contract is silent, the reading is: a tenant without features of its own has the server's only; of the
groups without a list, `users` lets everything through and any other nothing; who has the role admin is in `admins`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.feature_catalogue import CATALOGUE

EVERYBODY, ADMINS = "users", "admins"
BUILT_IN = (EVERYBODY, ADMINS, "queue_admins")


@dataclass(frozen=True)
class Layers:
    """What decides in one tenant: features on for the `server`, its own `granted` and `excluded`; `groups` holds the
    lists of those groups that have one, by key."""

    server: frozenset[str]
    granted: frozenset[str]
    excluded: frozenset[str]
    groups: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Effective:
    """What a tenant has before groups, and what each group lets through there."""

    available: frozenset[str]
    groups: Mapping[str, frozenset[str]]

    def of_user(self, groups: Iterable[str]) -> frozenset[str]:
        """The features of somebody in these groups, and in `users` anyway; an unknown group adds nothing."""
        return frozenset().union(*(self.groups.get(key, frozenset()) for key in {EVERYBODY, *groups}))


def effective(layers: Layers) -> Effective:
    """The result of `layers`; every built-in group is in it, with a list or not."""
    available = (layers.server | layers.granted) - layers.excluded
    through = {EVERYBODY: available, **{key: frozenset() for key in BUILT_IN[1:]}}
    return Effective(available, {**through, **{key: available & listed for key, listed in layers.groups.items()}})


def layers_of(settings: StackSettings, tenant: Tenant) -> Layers:
    """What the files say of one tenant."""
    return Layers(
        server=frozenset(name for name, on in settings.features.items() if on),
        granted=frozenset(tenant.features),
        excluded=frozenset(tenant.exclude_features),
        groups={key: frozenset(group.features) for key, group in settings.groups.items()},
    )


def expected_of_admin(layers: Layers) -> dict[str, bool]:
    """What the tenant's internal admin must see (true) and must not (false), by feature; silent about the rest.

    The rest is what the server may decide by itself: features that nobody asked for (a trial, a default of its own),
    deprecated ones that everybody has, ones that are not known here, and, as long as `admins` has no list, what only
    that group might let through.
    """
    result = effective(layers)
    seen = result.of_user([ADMINS])
    limited = result.available if {EVERYBODY, ADMINS} <= layers.groups.keys() else frozenset[str]()
    expected = {**dict.fromkeys(layers.excluded | (limited - seen), False), **dict.fromkeys(seen, True)}
    return {name: expected[name] for name in sorted(expected) if _is_ours(name)}


def _is_ours(name: str) -> bool:
    return name in CATALOGUE and not CATALOGUE[name].deprecated
