"""Finds which model, and which of its fields, reads a place in a file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Location = tuple[int | str, ...]


def keys_of(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The model's fields by their key in files."""
    return {str(field.alias): field for field in model.model_fields.values()}


def field_at(model: type[BaseModel], location: Location) -> FieldInfo | None:
    """The field whose value stands at `location`, or holds the list or mapping whose item does."""
    for length in range(len(location), 0, -1):
        parent = model_at(model, location[: length - 1])
        if parent is not None:
            return keys_of(parent).get(str(location[length - 1]))
    return None


def model_at(model: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """The model that reads the mapping at `location`; None in a free mapping and in a list of plain values."""
    here: object = model
    for part in location:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = keys_of(here).get(str(part))
            here = field.annotation if field else _item(extra_of(here))
        else:
            here = _item(here)
        here = _bare(here)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def places_of(model: type[BaseModel], key: str) -> list[Location]:
    """Where a key of that name stands below the model's own, at the least depth that has one; none in mappings by name.

    Two levels deep at most: what lies deeper is nobody's first guess.
    """
    level: list[tuple[Location, type[BaseModel]]] = [((), model)]
    for _ in range(2):
        level = [
            ((*at, name), inner)
            for at, each in level
            for name, field in keys_of(each).items()
            if isinstance(inner := _bare(field.annotation), type) and issubclass(inner, BaseModel)
        ]
        if found := [(*at, key) for at, each in level if key in keys_of(each)]:
            return found
    return []


@lru_cache(maxsize=10_000)
def is_free(model: type[BaseModel], location: Location) -> bool:
    """Whether a mapping of whatever keys and values stands at `location`: what goes to a chart as it is."""
    return _item(_annotation_at(model, location)) is Any


@lru_cache(maxsize=10_000)
def _annotation_at(model: type[BaseModel], location: Location) -> object:
    """What reads the place: of thousands of files most places are the same ones."""
    if not location:
        return model
    here, part = _annotation_at(model, location[:-1]), location[-1]
    if isinstance(here, type) and issubclass(here, BaseModel):
        field = keys_of(here).get(str(part))
        return _bare(field.annotation if field else _item(extra_of(here)))
    return _bare(_item(here))


def extra_of(model: type[BaseModel]) -> object:
    """The mapping type of the keys that a model allows beside its fields; None if it allows none."""
    return get_type_hints(model).get("__pydantic_extra__") if model.model_config.get("extra") == "allow" else None


def _item(container: object) -> object:
    """What a list or mapping type holds."""
    arguments = [argument for argument in get_args(container) if argument is not Ellipsis]
    return arguments[-1] if arguments else None


def _bare(annotation: object) -> object:
    """`Agent` for `Agent | None` and for `Annotated[Agent, …]`."""
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _bare(arguments[0])
    if type(None) in arguments:
        return _bare(next(argument for argument in arguments if argument is not type(None)))
    return annotation
