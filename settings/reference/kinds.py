"""What a field holds, in a few words: of the reference's table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from settings.types.texts import Holds

_PLAIN: dict[object, str] = {
    bool: "`true` or `false`",
    int: "a whole number",
    float: "a number",
    str: "a text",
    Any: "anything",
}
NO_DEFAULT = "left out"
_CHARTS_OWN = "values for the chart, as they are"


def kind(field: FieldInfo) -> str:
    """As `a list, each a domain`; a model as a link to its table."""
    return _words(field.annotation, field.metadata)


def default(field: FieldInfo) -> str:
    """As it is written in the file; in words where a key that is left out says nothing, or each of its keys says it."""
    if field.is_required():
        return "**needed**"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return "as its keys say"
    return NO_DEFAULT if value is None else _written(value)


def example(field: FieldInfo) -> str:
    """As it is written in the file: the field's own, or one that follows from what it holds."""
    if field.examples:
        return f"`{field.examples[0]}`"
    mark = _mark(field.metadata)
    if mark and mark.example:
        return mark.example
    choices = _choices(field.annotation)
    value = field.get_default(call_default_factory=True)
    other = [each for each in choices if each != value]
    return f"`{other[0]}`" if other else _written(value)


def _written(value: object) -> str:
    shown = yaml.safe_dump(_plain(value), default_flow_style=True, width=9999, sort_keys=False, allow_unicode=True)
    return f"`{shown.removesuffix(chr(10)).removesuffix('...').strip()}`"


def _choices(annotation: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a type
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for each in get_args(annotation) if (found := _choices(each))), ())


def _words(annotation: Any, metadata: Sequence[Any] = ()) -> str:  # noqa: ANN401 - a type
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(arguments[0], [*arguments[1:], *metadata])
    if type(None) in arguments:
        return _words(next(each for each in arguments if each is not type(None)), metadata)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if mark := _mark(metadata):
        return mark.words
    if arguments:
        return _of_parts(origin, arguments)
    return f"{_PLAIN.get(annotation, 'a text')}{_bounds(metadata)}"


def _of_parts(origin: Any, arguments: tuple[Any, ...]) -> str:  # noqa: ANN401 - a type
    """A choice, a list or a mapping."""
    if origin is Literal:
        return f"one of {', '.join(f'`{each}`' for each in arguments)}"
    held = _words(arguments[0] if origin is tuple else arguments[1])
    if origin is tuple:
        return f"a list of {held}" if held == _CHARTS_OWN else f"a list, each {held}"
    return _CHARTS_OWN if held == "anything" else f"a mapping: {_words(arguments[0])} to {held}"


def _mark(metadata: Iterable[Any]) -> Holds | None:
    return next((each for each in metadata if isinstance(each, Holds)), None)


def _bounds(metadata: Iterable[Any]) -> str:
    found: dict[str, Any] = {}
    for each in _flat(metadata):
        match each:
            case Ge():
                found["from"] = each.ge
            case Gt():
                found["over"] = each.gt
            case Le():
                found["to"] = each.le
            case Lt():
                found["under"] = each.lt
            case MinLen():
                found["of at least"] = each.min_length
            case _:
                pass
    return "".join(f" {word} {bound}" for word, bound in found.items())


def _flat(metadata: Iterable[Any]) -> Iterable[Any]:
    """What stands inside a `Field(…)` of an inner type too."""
    for each in metadata:
        yield from each.metadata if isinstance(each, FieldInfo) else (each,)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
