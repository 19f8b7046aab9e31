"""Which properties differ, and how the engine wants their places written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from local.plugins.contract import Difference, Path
from local.plugins.properties import UNKNOWN, Secret, Value, plain

_ABSENT = object()


def compare(olds: Value, news: Value) -> list[Difference]:
    """Where new inputs differ from old ones. Secrets are compared by their value; an unknown one differs from all."""
    return list(_object((), _open(olds), _open(news)))


def _open(value: Value) -> Value:
    return plain(value) if isinstance(value, (Secret, Mapping, list)) else value


def _object(path: Path, olds: Value, news: Value) -> Iterator[Difference]:
    for key, value in news.items():
        yield from _value((*path, key), olds.get(key, _ABSENT), value)
    for key, value in olds.items():
        if key not in news and value is not None:
            yield Difference((*path, key), "delete")


def _value(path: Path, old: Value, new: Value) -> Iterator[Difference]:
    if new is UNKNOWN:
        yield Difference(path, "add" if old is _ABSENT else "update")
    elif old is _ABSENT:
        if new is not None:
            yield Difference(path, "add")
    elif isinstance(new, Mapping) and isinstance(old, Mapping):
        yield from _object(path, old, new)
    elif isinstance(new, list) and isinstance(old, list):
        yield from _list(path, old, new)
    elif not _same(old, new):
        yield Difference(path, "update" if new is not None else "delete")


def _list(path: Path, old: list[Value], new: list[Value]) -> Iterator[Difference]:
    for index in range(max(len(old), len(new))):
        if index >= len(new):
            yield Difference((*path, index), "delete")
        else:
            yield from _value((*path, index), old[index] if index < len(old) else _ABSENT, new[index])


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
