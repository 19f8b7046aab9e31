"""What is true of all of one tenant's pods, and how the stack's file grants more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from settings.grant import Grant
from settings.models.tenant import Tenant
from settings.models.tenant_rules import Grants

_PLACE = re.compile(r"\[[0-9]+\]")
# Only where a worker has them: a tenant chooses names that stand further on, and they may hold points.
_EXTRA = re.compile(r"\A(?:agent|gateway|(?:agents|gateways)\.[^.]+)\.extraValues\.")
_OF_AGENTS = re.compile(r"\Aagents?(?:(?<=s)\.[^.]+)?\.")


@dataclass(frozen=True)
class MissingGrant:
    """What is wrong as a sentence without its end, and the line of the stack's file that would let it be."""

    text: str
    way: Grant

    def __str__(self) -> str:
        return f"{self.text}, or write in the stack's file {self.way}"


@dataclass(frozen=True)
class Rules:
    """`platform_hosts` are the server's; `on_the_node`: whether the tenant's pods may have what is the node's."""

    tenant: Tenant
    grants: Grants
    release_labels: frozenset[str]
    platform_hosts: frozenset[str]
    on_the_node: bool

    def granted(self, path: str) -> bool:
        """Whether a key is in the stack's `chartValues`, or below one that is."""
        return _is_below(path, self.grants.chart_values)

    def may_hold_templates(self, path: str) -> bool:
        """Whether a key is in the stack's `templates`, or below one that is."""
        return _is_below(path, self.grants.templates)

    def unless(self, text: str, rule: str, *values: str) -> MissingGrant:
        """What is wrong unless the stack's file grants these of a rule."""
        return MissingGrant(f"{text} remove it", Grant(rule, tuple(dict.fromkeys(values)), self.tenant.name))

    def unless_granted(self, text: str, *paths: str, rule: str = "chartValues") -> MissingGrant:
        """The same of what stands at `paths` of the tenant's file, by grants that no edit there moves."""
        return self.unless(f"{text};", rule, *(_without_places(in_the_chart(path)) for path in paths))


def _is_below(path: str, granted: Sequence[str]) -> bool:
    inner = in_the_chart(path)
    return any(
        place == each or place.startswith((f"{each}.", f"{each}["))
        for each in granted
        for place in (inner, _without_places(inner))
    )


def _without_places(path: str) -> str:
    """Without the places in lists, which another entry before moves."""
    return _PLACE.sub("", path)


def in_the_chart(path: str) -> str:
    """Where the chart has what stands at `path` of the tenant's file, as grants name it."""
    own = _EXTRA.match(path)
    return path[own.end() :] if own else _OF_AGENTS.sub("agentk8sglue.", path)


def names(value: object) -> Sequence[str]:
    """The names of labels or annotations, written as a mapping or as a list of `key` or `name` and `value`."""
    if isinstance(value, Mapping):
        return [str(name) for name in value]
    return [str(each.get("key", each.get("name", ""))) for each in entries(value)]


def entries(value: object) -> Sequence[Mapping[str, object]]:
    """The mappings in a list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []
