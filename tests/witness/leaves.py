"""Values one by one: where each stands, whether a chart knows it, and the same values with that one changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

Path = tuple[str | int, ...]
# Other values that a chart takes there.
_OTHERS = {"ClusterIP": "NodePort", "NodePort": "ClusterIP", "replication": "standalone", "soft": "hard"}


def leaves(value: object, above: Path = ()) -> Iterator[Path]:
    """The path of each value that is something; a null takes a default away, and is none."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*above, str(key)))
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from leaves(each, (*above, index))
    elif value is not None:
        yield above


def is_known(defaults: object, path: Path) -> bool:
    """Whether the chart's own values have that place; what has no default inside takes anything."""
    if not path or not isinstance(defaults, Mapping) or not defaults:
        return True
    return path[0] in defaults and is_known(defaults[path[0]], path[1:])


def changed(values: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A copy of the values in which the one at `path` is another of its kind."""
    copy: Any = deepcopy(values)
    place = copy
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = _other(place[path[-1]])
    found: dict[str, Any] = copy
    return found


def _other(value: Any) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return _OTHERS.get(str(value), f"{value}x")
