"""Which features a user has in effect: server and tenant level, less exclusions, through the user's groups.

Pure. Contract 5: a feature has to be on for the server or the tenant; exclusions subtract; each group grants the part
of that in its list; the user has the union of the groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local.emulator.companies.feature_names import known_features
from local.emulator.configuration.assumptions import Assumptions
from local.emulator.configuration.effective import Configuration


def tenant_features(
    organization: Mapping[str, bool], settings: Mapping[str, Any], assumptions: Assumptions
) -> frozenset[str]:
    """What a company has before groups; `settings` may hold `features` and `exclude_features`."""
    on = {name for name, enabled in organization.items() if enabled}
    own = settings.get("features")
    if own is not None:
        on |= set(own)
    elif assumptions.unset_tenant_features_mean_all:
        on |= known_features(new_server=assumptions.new_server)
    return frozenset(on) - set(settings.get("exclude_features") or ())


def groups_of(role: str, explicit: Iterable[str] | None, assumptions: Assumptions) -> tuple[str, ...]:
    """The groups of a user: everybody is in `users`; explicit membership wins over what the role implies."""
    if explicit is not None:
        return tuple(dict.fromkeys(("users", *explicit)))
    return ("users", "admins") if role == "admin" and assumptions.admins_join_admins_group else ("users",)


def effective_features(
    configuration: Configuration,
    settings: Mapping[str, Any],
    role: str,
    groups: Iterable[str],
    assumptions: Assumptions,
) -> list[str]:
    """The sorted features of a user with this role and these groups in a company with these settings."""
    available = tenant_features(configuration.organization_features, settings, assumptions)
    granted: set[str] = set()
    for key in groups:
        group = configuration.groups.get(key)
        listed = group.features if group else None
        if listed is not None:
            granted |= available & listed
        elif key in assumptions.groups_open_by_default:
            granted |= available
    if assumptions.role_ui_features_limit:
        granted -= configuration.hidden_features(role)
    return sorted(granted)
