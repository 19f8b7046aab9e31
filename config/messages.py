"""Turns what pydantic found wrong into one line a person can act on: key as written, what is wrong, how to write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]

_EXPECTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "a text"),
    (list, "a list"),
    (dict, "a mapping"),
)


def faults_of(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Location, str]]:
    """Location and message of everything `error` holds about `model`; values are shown only where a type says so."""
    for detail in error.errors(include_url=False):
        yield detail["loc"], _message(detail, model)


def key_of(location: Location) -> str:
    """`signIn.domains[0]`; a mapping's own bad key is shown as the key."""
    parts = [part for part in location if part != "[key]"]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def _message(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, location, context = detail["type"], detail["loc"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return _unknown(str(location[-1]), _model_at(model, location[:-1]))
    if kind == "literal_error":
        return f"must be {context['expected']}"
    return _about_field(detail, _field_at(model, location))


def _about_field(detail: ErrorDetails, field: FieldInfo | None) -> str:
    kind, location = detail["type"], detail["loc"]
    if kind == "missing":
        return f"is missing; {_example(location, field)}"
    if kind == "too_short":
        return f"is empty; {_example(location, field)}"
    if kind in _EXPECTED:
        return f"must be {_EXPECTED[kind]}, not {_kind(detail['input'])}; {_example(location, field)}"
    return detail["msg"].replace("Input should be", "must be")


def _unknown(key: str, model: type[BaseModel] | None) -> str:
    known = sorted(str(field.alias) for field in model.model_fields.values()) if model else []
    near = get_close_matches(key, known, n=1) or [name for name in known if name.lower() == key.lower()]
    return f"is not a key here; did you mean {near[0]}?" if near else f"is not a key here; known: {', '.join(known)}"


def _example(location: Location, field: FieldInfo | None) -> str:
    if field is None or not field.examples:
        return "see the example tenant" if field is None else "write it as the files beside it do"
    name = next(part for part in reversed(location) if isinstance(part, str))
    return f"write it like {name}: {field.examples[0]}"


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "something else")


def _field_at(model: type[BaseModel], location: Location) -> FieldInfo | None:
    """The field whose value stands at `location`, or holds the list or mapping item that does."""
    for length in range(len(location), 0, -1):
        name = location[length - 1]
        parent = _model_at(model, location[: length - 1])
        if parent is not None and isinstance(name, str):
            return _by_alias(parent).get(name)
    return None


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """The model that reads the mapping at `location`; None inside a free mapping or a list of plain values."""
    here: object = model
    for part in location:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = _by_alias(here).get(str(part))
            here = field.annotation if field else None
        else:
            here = _item(here)
        here = _without_none(here)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _by_alias(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    return {str(field.alias): field for field in model.model_fields.values()}


def _item(container: object) -> object:
    """What a list or mapping type holds."""
    arguments = [argument for argument in get_args(container) if argument is not Ellipsis]
    return arguments[-1] if arguments else None


def _without_none(annotation: object) -> object:
    """`Agent` for `Agent | None`, the type itself for `Annotated[...]`."""
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _without_none(arguments[0])
    if type(None) in arguments:
        return _without_none(next(argument for argument in arguments if argument is not type(None)))
    return annotation
