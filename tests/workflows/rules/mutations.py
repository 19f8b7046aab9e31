"""Every change of one place in the workflows: a key or an item taken out, another value, two steps swapped."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.workflows.github.model import Repository

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mutation:
    """One change: where, what, and how it is done to the container of the place."""

    path: Path
    what: str
    do: Callable[[Any, Any], None]

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))} {self.what}"

    def applied(self, repository: Repository) -> Repository:
        """A repository with this change."""
        trees: dict[str, Any] = {"workflows": dict(repository.workflows), "actions": dict(repository.actions)}
        kind, name = str(self.path[0]), str(self.path[1])
        trees[kind][name] = copy.deepcopy(trees[kind][name])
        place: Any = trees[kind]
        for part in self.path[1:-1]:
            place = place[part]
        self.do(place, self.path[-1])
        return Repository(trees["workflows"], trees["actions"], repository.makefile)


def mutations(repository: Repository) -> Iterator[Mutation]:
    """All of them, in the files' order."""
    for kind, files in (("workflows", repository.workflows), ("actions", repository.actions)):
        for name, data in files.items():
            yield from _of(data, (kind, name))


def _of(data: Any, path: Path) -> Iterator[Mutation]:
    places = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    for key, value in places:
        where = (*path, key)
        yield Mutation(where, "is taken out", _take_out)
        if isinstance(value, bool):
            yield Mutation(where, "is the opposite", _invert)
        elif isinstance(value, (str, int, float)):
            yield Mutation(where, "is another", _change)
        elif value in ({}, None):
            yield Mutation(where, "is not empty", _fill)
        if isinstance(value, dict):
            yield Mutation(where, "has one more", _add)
        if isinstance(data, list) and isinstance(key, int) and key and isinstance(value, dict):
            yield Mutation(where, "is before the one before", _swap)
        yield from _of(value, where)


def _take_out(place: Any, key: Any) -> None:
    del place[key]


def _invert(place: Any, key: Any) -> None:
    place[key] = not place[key]


def _change(place: Any, key: Any) -> None:
    place[key] = f"{place[key]}-x" if isinstance(place[key], str) else place[key] + 1


def _fill(place: Any, key: Any) -> None:
    place[key] = {"contents": "write"}


def _add(place: Any, key: Any) -> None:
    place[key]["continue-on-error"] = True


def _swap(place: Any, key: Any) -> None:
    place[key - 1], place[key] = place[key], place[key - 1]
