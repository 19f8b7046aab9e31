"""The request's data: a JSON object, with query-string arguments and form fields laid over it (contract 1.1)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from local.emulator.protocol.errors import ApiError, Kind

_FORM = "application/x-www-form-urlencoded"
_LINES = "application/json-lines"
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True)
class Payload:
    """What came after the path: the raw query string, the content type, the raw body."""

    query: str
    content_type: str
    content: bytes


def read_body(payload: Payload) -> dict[str, Any]:
    """The call's data. A body is read as JSON whatever its type says, but for forms. Raises ApiError."""
    media_type = payload.content_type.partition(";")[0].strip().lower()
    if media_type == _LINES:
        raise _batch_error(payload.content)
    is_form = media_type == _FORM
    body = {} if is_form else _json(payload.content)
    _lay_over(body, payload.query)
    if is_form:
        _lay_over(body, payload.content.decode("utf-8", "replace"))
    return body


def _json(content: bytes) -> dict[str, Any]:
    if not content:
        return {}
    try:
        body = json.loads(content) or {}
    except ValueError:
        text = "The browser (or proxy) sent a request that this server could not understand."
        raise ApiError(Kind.BAD_REQUEST, text=text) from None
    if not isinstance(body, dict):
        raise ApiError(Kind.GENERAL, text="Data should be a dict")
    return body


def _batch_error(content: bytes) -> ApiError:
    """No endpoint here takes a batch: the real ones fail on it too."""
    for line in content.splitlines():
        try:
            item = json.loads(line)
        except ValueError as error:
            return ApiError(Kind.BAD_REQUEST, text=f"{error} in batch")
        if not isinstance(item, dict):
            text = f"json lines must contain objects, found: {type(item).__name__}"
            return ApiError(Kind.BAD_REQUEST, text=text)
    return ApiError(Kind.GENERAL, text="batched data is not supported by this endpoint")


def _lay_over(body: dict[str, Any], pairs: str) -> None:
    values: dict[str, list[str]] = {}
    for key, value in parse_qsl(pairs, keep_blank_values=True):
        values.setdefault(key, []).append(value)
    for key, given in values.items():
        several = len(given) > 1 or key.endswith("[]")
        _set_nested(body, key.rstrip("[]").split("."), [_cast(each) for each in given] if several else _cast(given[0]))


def _set_nested(body: dict[str, Any], path: list[str], value: object) -> None:
    *parents, last = path
    for parent in parents:
        inner = body.setdefault(parent, {})
        body = inner if isinstance(inner, dict) else {}
    body[last] = value


def _cast(text: str) -> object:
    if text.replace(".", "", 1).isdecimal():
        return float(text) if "." in text else int(text)
    return _BOOLEANS.get(text, text)
