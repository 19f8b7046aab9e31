"""Which properties differ, and how the engine wants their places written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from local.plugins.contract import Difference, Path
from local.plugins.properties import UNKNOWN, Secret, Value, plain

_ABSENT = object()


def compare(state: Value, news: Value, old_inputs: Value) -> list[Difference]:
    """Three-way: what `news` ask for and `state` has not, and what `old_inputs` asked for and `news` no longer do.

    What only `state` has was filled in by the server and is left alone. Secrets are compared by their value; an
    unknown value differs from everything. Inputs are compared with inputs by giving `old_inputs` for both.
    """
    return list(_object((), _open(state), _open(news), _open(old_inputs), state is old_inputs))


def _open(value: Value) -> Value:
    return plain(value) if isinstance(value, (Secret, Mapping, list)) else value


def _object(path: Path, state: Value, news: Value, olds: Value, of_inputs: bool) -> Iterator[Difference]:
    for key, value in news.items():
        known = state.get(key, _ABSENT)
        asked = olds.get(key, _ABSENT) if isinstance(olds, Mapping) else _ABSENT
        yield from _value((*path, key), known, value, asked, of_inputs)
    gone = olds if isinstance(olds, Mapping) else {}
    for key in gone:
        if key not in news and state.get(key) is not None:
            yield Difference((*path, key), "delete")


def _value(path: Path, state: Value, new: Value, old: Value, of_inputs: bool) -> Iterator[Difference]:
    if new is UNKNOWN:
        yield Difference(path, "add" if state is _ABSENT else "update", of_inputs=of_inputs)
    elif state is _ABSENT:
        if new is not None:
            yield Difference(path, "add", of_inputs=of_inputs)
    elif isinstance(new, Mapping) and isinstance(state, Mapping):
        yield from _object(path, state, new, old, of_inputs)
    elif isinstance(new, list) and isinstance(state, list):
        yield from _list(path, state, new, old, of_inputs)
    elif not _same(state, new):
        yield Difference(path, "update" if new is not None else "delete", of_inputs=of_inputs)


def _list(path: Path, state: list[Value], new: list[Value], old: Value, of_inputs: bool) -> Iterator[Difference]:
    olds = old if isinstance(old, list) else []
    for index in range(max(len(state), len(new))):
        place = (*path, index)
        asked = olds[index] if index < len(olds) else _ABSENT
        if index >= len(new):
            yield Difference(place, "delete", of_inputs=of_inputs)
        else:
            known = state[index] if index < len(state) else _ABSENT
            yield from _value(place, known, new[index], asked, of_inputs)


def _same(one: Value, other: Value) -> bool:
    # True == 1 in Python; to Kubernetes and Helm a flag and a number are different values.
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def path_text(path: Path) -> str:
    """`("spec", "ports", 0, "a.b")` → `spec.ports[0]["a.b"]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif any(character in part for character in '."[]'):
            escaped = part.replace('"', '\\"')
            text += f'["{escaped}"]'
        else:
            text += f".{part}" if text else part
    return text


def matches(path: Path, pattern: tuple[str, ...]) -> bool:
    """Whether `path` lies at, under or above `pattern`; `*` stands for any place in a list."""
    return all(expected in (part, "*") for part, expected in zip(map(str, path), pattern, strict=False))
