"""Request fields and how their values are cast and refused: as the real server's model library does (contract 1.6).

Unknown fields are ignored. A boolean is whatever Python finds true, so the string "false" is true. An integer may be
a numeric string. Everything refused is 400/12, but for e-mails (400/22) and domains (400/23).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from local.emulator.protocol.errors import ApiError, Kind

_LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_LOCAL_PART = re.compile(r"(?=.{1,64}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")

Body = Mapping[str, Any]
Type = Literal["string", "boolean", "integer", "array", "object"]
_PYTHON: dict[Type, type] = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict}


@dataclass(frozen=True)
class Field:
    """One declared request field; `new` fields exist on newer servers only and are unknown (so ignored) elsewhere."""

    name: str
    type: Type
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    maximum: int | None = None
    check_item: Callable[[str], None] | None = None
    new: bool = False

    def schema(self) -> dict[str, Any]:
        """Its JSON schema, as `server.endpoints` shows it."""
        shown: dict[str, Any] = {"type": self.type}
        if self.type == "array":
            shown["items"] = {"type": "string"}
        if self.choices:
            shown["enum"] = list(self.choices)
        if self.maximum is not None:
            shown["maximum"] = self.maximum
        return shown


def string(name: str, *, required: bool = False, default: str | None = None, choices: tuple[str, ...] = ()) -> Field:
    return Field(name, "string", required=required, default=default, choices=choices)


def boolean(name: str, *, default: bool | None = None) -> Field:
    return Field(name, "boolean", default=default)


def integer(
    name: str, *, required: bool = False, maximum: int | None = None, default: int | None = None, new: bool = False
) -> Field:
    return Field(name, "integer", required=required, maximum=maximum, default=default, new=new)


def mapping(name: str, *, required: bool = False) -> Field:
    return Field(name, "object", required=required)


def strings(name: str) -> Field:
    """A list of strings; None if not sent."""
    return Field(name, "array")


def emails(name: str) -> Field:
    """A list of e-mail addresses."""
    return Field(name, "array", check_item=check_email)


def domains(name: str) -> Field:
    """A list of domain names."""
    return Field(name, "array", check_item=check_domain)


def read_fields(fields: Iterable[Field], body: Body) -> dict[str, Any]:
    """Every declared field's value, cast, or its default. Raises ApiError."""
    return {field.name: _read(field, body.get(field.name)) for field in fields}


def cast_integer(name: str, value: object) -> int:
    """An integer as the model library casts it. Raises ApiError 400/12."""
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError, OverflowError):
        raise _wrong_type(name, "integer", value) from None


def is_email(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return bool(_LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain))


def check_email(text: str) -> None:
    """Raises ApiError 400/22; like the real one, it does not say which."""
    if not is_email(text):
        raise ApiError(Kind.INVALID_EMAIL)


def check_domain(text: str) -> None:
    """Raises ApiError 400/23; like the real one, it does not say which."""
    if not _DOMAIN.fullmatch(text):
        raise ApiError(Kind.INVALID_DOMAIN)


def refuse_field(name: str, reason: str) -> ApiError:
    """A 400/12 about one field; the whole text is lower case on the wire."""
    return ApiError(Kind.VALIDATION, f"error for field '{name}': {reason}".lower())


def _read(field: Field, value: object) -> Any:  # noqa: ANN401 - any JSON value
    if value is None:
        if field.required:
            raise ApiError(Kind.VALIDATION, f"error for field '{field.name}'. field is required!".lower())
        return field.default
    value = _cast(field, value)
    if not isinstance(value, _PYTHON[field.type]):
        raise _wrong_type(field.name, field.type, value)
    if field.choices and value not in field.choices:
        raise refuse_field(field.name, f"value '{value}' is not a valid choice.")
    if field.maximum is not None and isinstance(value, int) and value > field.maximum:
        raise refuse_field(field.name, f"value '{value}' is bigger than allowed maximum '{field.maximum}'.")
    return value


def _cast(field: Field, value: object) -> object:
    match field.type:
        case "boolean":
            return bool(value)
        case "integer":
            return cast_integer(field.name, value)
        case "array":
            return _items(field, value)
        case _:
            return value


def _items(field: Field, value: object) -> list[str]:
    if not isinstance(value, Iterable):
        raise ApiError(Kind.VALIDATION, f"'{type(value).__name__}' object is not iterable")
    items = list(value)
    for item in items:
        if not isinstance(item, str):
            reason = f'all items must be instances of "str", and not "{type(item).__name__}".'
            raise refuse_field(field.name, reason)
        if field.check_item:
            field.check_item(item)
    return items


def _wrong_type(name: str, expected: Type, value: object) -> ApiError:
    return refuse_field(name, f"('value is wrong, expected type \"{_PYTHON[expected].__name__}\"', {value!r})")
