"""The walk over settings: what stands in models, mappings and lists, each with its key as files write it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from pydantic import BaseModel

# Nothing is below them; asked first, since most of what a walk meets is one of these.
_PLAIN = frozenset({str, int, float, bool, type(None)})
_LISTS = (list, tuple)
# A mapping that is no `dict` is rare, and to ask for one takes several times as long.
_MAPPINGS = (dict, Mapping)


@cache
def _keys_of_model(kind: type) -> Mapping[str, str] | None:
    """The key in files of each field, by its name; None if it is no model. Of each kind pydantic is asked once."""
    if not issubclass(kind, BaseModel):
        return None
    return {name: str(field.alias or name) for name, field in kind.model_fields.items()}


def content(value: object) -> object:
    """A model as the mapping that its file has: the fields that are set, by their keys. Else `value` itself."""
    kind: Any = type(value)
    if kind in _PLAIN or (keys := _keys_of_model(kind)) is None:
        return value
    given = cast("BaseModel", value).model_fields_set & keys.keys()
    return {keys[name]: getattr(value, name) for name in sorted(given)}


def below(at: str, name: str) -> str:
    """The key of what is called `name` in the mapping at the key `at`; the top has no key."""
    return f"{at}.{name}" if at else name


def children(value: object, at: str) -> Iterator[tuple[str, str, object]]:
    """Name, key and value of each thing right below `value`, which stands at `at`; an entry of a list has no name.

    A walk that stops at some places calls itself with these; one that does not has `nodes`.
    """
    if type(value) in _PLAIN:
        return
    value = content(value)
    if isinstance(value, _LISTS):
        for index, each in enumerate(value):
            yield "", f"{at}[{index}]", each
    elif isinstance(value, _MAPPINGS):
        for name, each in value.items():
            yield str(name), below(at, str(name)), each


def nodes(value: object, at: str = "") -> Iterator[tuple[str, object]]:
    """Key and content of `value`, which stands at `at`, and of everything below, what holds others before them."""
    value = content(value)
    yield at, value
    for _, key, each in children(value, at):
        if type(each) in _PLAIN:
            yield key, each
        else:
            yield from nodes(each, key)
