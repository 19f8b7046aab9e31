"""The promised figures of growth, each with what was measured; one of which nothing was is left out. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from tests.api.figures.figure import Figure
from tests.api.shards.checkout import ONE_STACK

# Seconds by what was done, and what else was counted, by how many tenants there were.
Results = Mapping[int, Mapping[str, float]]
LARGEST = "MB of the largest process"
STATE, API_STATE = "kB of state a tenant", "kB of state a tenant, API part"
# The bound of what is told for comparison, and judged by nothing.
UNBOUNDED = math.inf
_GROWING = ("create", "refresh", "preview of creation", "no-op preview", "no-op up of all")
# As few as these, what a stack has once would count as a tenant's.
_FEWEST_FOR_STATE = 10


def figures(results: Results) -> list[Figure]:
    """Bounds are for two cores; those of several numbers of tenants are ratios."""
    return [*_beside_the_guide(results), *_of_a_change(results), *_of_growth(results), *_of_sizes(results)]


def _beside_the_guide(results: Results) -> Iterator[Figure]:
    for together, bound in (("one", 0.35), ("four", 1.3)):
        yield from _ratio(
            f"API part of creating 100 tenants / the guide's calls, {together} at a time",
            bound,
            _at(results, 100, "create, API part"),
            _at(results, 100, f"guide, {together} at a time"),
        )
    yield from _difference(
        "one tenant end to end in a cluster, seconds more than the guide by curl and helm",
        4,
        _at(results, 1, "create, in a cluster"),
        _at(results, 1, "guide by curl and helm, one at a time"),
    )
    yield from _difference(
        "one tenant with the cluster on paper, seconds more than the guide's calls by curl alone",
        UNBOUNDED,
        _at(results, 1, "create"),
        _at(results, 1, "guide, one at a time"),
    )


def _of_a_change(results: Results) -> Iterator[Figure]:
    yield from _ratio(
        f"one changed e-mail among 1,000 tenants / among {ONE_STACK}",
        1.2,
        _at(results, 1000, "one e-mail changed"),
        _at(results, ONE_STACK, "one e-mail changed"),
    )
    yield from _value("1,000 tenants, nothing changed: seconds", 5, _at(results, 1000, "unchanged"))
    yield from _value("1,000 tenants, nothing changed: calls", 0, _at(results, 1000, "calls of unchanged"))
    yield from _value("1,000 tenants, no-op up of all: seconds", 90, _at(results, 1000, "no-op up of all"))


def _of_growth(results: Results) -> Iterator[Figure]:
    for name in _GROWING:
        yield from _ratio(f"t(1000)/t(100), {name}", 11, _at(results, 1000, name), _at(results, 100, name))
    yield from _value("1,000 tenants created, API part: seconds", 360, _at(results, 1000, "create, API part"))


def _of_sizes(results: Results) -> Iterator[Figure]:
    """The worst of all numbers of tenants."""
    yield from _value("memory of any process, MB", 500, _most(results, LARGEST))
    many = {number: found for number, found in results.items() if number >= _FEWEST_FOR_STATE}
    yield from _value("state a tenant, API part, kB", 25, _most(many, API_STATE))
    yield from _value("state a tenant, whole, kB", 45, _most(many, STATE))


def _at(results: Results, number: int, name: str) -> float | None:
    return results.get(number, {}).get(name)


def _most(results: Results, name: str) -> float | None:
    return max(_each(results, name), default=None)


def _each(results: Results, name: str) -> Iterable[float]:
    return (found[name] for found in results.values() if name in found)


def _value(name: str, bound: float, measured: float | None) -> Iterator[Figure]:
    if measured is not None:
        yield Figure(name, bound, measured)


def _ratio(name: str, bound: float, measured: float | None, beside: float | None) -> Iterator[Figure]:
    if measured is not None and beside:
        yield Figure(name, bound, measured / beside)


def _difference(name: str, bound: float, measured: float | None, beside: float | None) -> Iterator[Figure]:
    if measured is not None and beside is not None:
        yield Figure(name, bound, measured - beside)
