"""Every setting of both files by its path, each model of a file once, with the content that its example makes."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from settings.types.shape import keys_of

Path = tuple[str | int, ...]
ANY_KEY = "example"


def settings_of(model: type[BaseModel]) -> dict[Path, FieldInfo]:
    """The settings of a file; those of a model that stands in it twice are there once, with the first path."""
    return {path: field for path, field, _ in _walk(model, (), set())}


def examples_of(field: FieldInfo) -> list[Any]:
    """The values that its examples say, as YAML reads them; those with an ellipsis are no values."""
    return [yaml.safe_load(text) for text in field.examples or () if "…" not in text]


def with_value(content: Mapping[str, Any], path: Path, value: object) -> dict[str, Any]:
    """A copy of a file's content with this value there; what is missing on the way is made."""
    changed: Any = copy.deepcopy(dict(content))
    here = changed
    for part, following in pairwise(path):
        empty: Any = [{}] if following == 0 else {}
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, empty)
    here[path[-1]] = value
    result: dict[str, Any] = changed
    return result


def without(content: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A copy of a file's content in which this setting is left out."""
    changed: Any = copy.deepcopy(dict(content))
    here = changed
    for part in path[:-1]:
        here = here[int(part)] if isinstance(here, list) else here.get(part, {})
    here.pop(path[-1], None)
    result: dict[str, Any] = changed
    return result


def _walk(model: type[BaseModel], prefix: Path, seen: set[type[BaseModel]]) -> Iterator[tuple[Path, FieldInfo, bool]]:
    seen.add(model)
    for key, field in keys_of(model).items():
        inner, more = _held(field.annotation)
        yield (*prefix, key), field, inner is not None
        if inner is not None and inner not in seen:
            yield from _walk(inner, (*prefix, key, *more), seen)


def _held(annotation: object) -> tuple[type[BaseModel] | None, Path]:
    """The model that a field's value is or holds, and the way to it from there."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ()
    origin = get_origin(annotation)
    step: Path = ()
    if isinstance(origin, type) and issubclass(origin, Mapping):
        step = (ANY_KEY,)
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        step = (0,)
    for argument in reversed(get_args(annotation)):
        inner, more = _held(argument)
        if inner is not None:
            return inner, (*step, *more)
    return None, ()
