"""Which features people have in the end, before and after, by tenant and group: what files say together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from settings.errors import ConfigurationError
from settings.facts import stack_file_of
from settings.features.effective import Effective, effective, layers_of
from settings.listing import listing
from settings.loading.load import Environment, load
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant

_SHOWN = 10


def effective_features(settings: StackSettings, tenants: Iterable[Tenant]) -> dict[str, Effective]:
    """What people of each tenant can use in the end, by its name."""
    return {tenant.name: effective(layers_of(settings, tenant)) for tenant in tenants}


def effective_changes(before: Path, present: Environment) -> Iterator[str]:
    """What people can use in the end, where that changes; `before` is the project as it was, without a new stack."""
    earlier: Mapping[str, Effective] = {}
    if (before / stack_file_of(present.name)).is_file():
        try:
            environment = load(before, present.part.stack)
        except ConfigurationError:
            yield "effective: as it was, the stack is not valid for this program, so nothing is compared"
            return
        # A tenant that has moved from another shard was somewhere, too.
        earlier = effective_features(environment.stack, environment.everybody)
    yield from effective_lines(earlier, effective_features(present.stack, present.tenants))


def effective_lines(before: Mapping[str, Effective], after: Mapping[str, Effective]) -> Iterator[str]:
    """One line for each change of a group's features, with all tenants in which it is the same one."""
    tenants: dict[tuple[str, frozenset[str], frozenset[str]], list[str]] = {}
    for name in sorted(after):
        was, is_ = (before[name].groups if name in before else {}), after[name].groups
        for group in sorted(was.keys() | is_.keys()):
            old, new = was.get(group, frozenset()), is_.get(group, frozenset())
            if old != new:
                tenants.setdefault((group, old, new), []).append(name)
    for (group, old, new), names in tenants.items():
        yield f"effective in {listing(names)}, group `{group}`: {_features(old, new)} → {_features(new, old)}"


def _features(features: frozenset[str], others: frozenset[str]) -> str:
    """What `others` has not comes first, and is always named."""
    own, common = sorted(features - others), sorted(features & others)
    named = [*own, *common[: max(0, _SHOWN - len(own))]]
    more = len(features) - len(named)
    return ", ".join(f"`{name}`" for name in named) + (f" and {more} more" if more else "") or "none"
