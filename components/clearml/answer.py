"""From an HTTP response to a typed answer, or to the error whose cause it tells. Never shows what a body holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from components.clearml import errors
from components.clearml.connection import Connection

M = TypeVar("M", bound=BaseModel)
_IMPERSONATION = (5, 6)
_DUPLICATE = 801


def parse(connection: Connection, endpoint: str, response: httpx.Response, model: type[M]) -> M:
    """The answer's `data` as `model`; unknown fields are ignored. Raises FailedCall.

    The envelope is contract 1.4; it is read defensively, because proxies answer too and old servers leave parts out.
    """
    body = _json_object(response)
    if body is None:
        raise _foreign(endpoint, response)
    meta = body.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    code = meta.get("result_code", response.status_code)
    if not response.is_success or code != 200:
        raise _refused(connection, endpoint, response, meta)
    try:
        return model.model_validate(body.get("data") or {})
    except ValidationError as cause:
        missing = ", ".join(_path(error["loc"]) for error in cause.errors(include_input=False, include_url=False))
        raise errors.MissingField(
            errors.Failure(
                endpoint,
                f"the answer lacks, or has in another form: {missing}",
                response.status_code,
                transaction=_transaction(meta),
            )
        ) from None


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(("data", *map(str, location)))


def _json_object(response: httpx.Response) -> Mapping[str, Any] | None:
    try:
        body = json.loads(response.content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _transaction(meta: Mapping[str, Any]) -> str | None:
    found = meta.get("trx") or meta.get("id")
    return found[:64] if isinstance(found, str) and found.isprintable() else None


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait, which a server says as such or as a date; None if it says neither."""
    text = response.headers.get("retry-after", "")
    if text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(until.tzinfo)).total_seconds())


def _refused(
    connection: Connection, endpoint: str, response: httpx.Response, meta: Mapping[str, Any]
) -> errors.FailedCall:
    """An error envelope of the API itself; the codes are contract 1.5."""
    subcode = meta.get("result_subcode")
    subcode = subcode if isinstance(subcode, int) else None
    code = meta.get("result_code")
    status = response.status_code if not response.is_success or not isinstance(code, int) else code
    message = connection.masked(str(meta.get("result_msg") or response.reason_phrase or "no reason given"))
    failure = errors.Failure(endpoint, message, status, subcode, _transaction(meta))
    return _typed(failure, response)


def _typed(failure: errors.Failure, response: httpx.Response) -> errors.FailedCall:  # noqa: PLR0911 - a table
    match failure.status or 0, failure.subcode:
        case 400, sub if sub in _IMPERSONATION:
            return errors.ImpersonationRefused(failure)
        case 400, sub if sub == _DUPLICATE:
            return errors.Duplicate(failure)
        case 401, _:
            return errors.BadCredentials(failure)
        case 403, _:
            return errors.Forbidden(failure)
        case ((404 | 410 | 301), _):
            return errors.UnknownEndpoint(failure)
        case 429, _:
            return errors.RateLimited(failure, _retry_after(response))
        case status, _ if status >= 500:
            return errors.ServerFault(failure)
        case status, _ if 400 <= status < 500:
            return errors.InvalidRequest(failure)
    return errors.UnexpectedAnswer(failure)


def _foreign(endpoint: str, response: httpx.Response) -> errors.FailedCall:
    """Something that is no envelope: a proxy's page, a redirect, half an answer."""
    kind = response.headers.get("content-type", "").split(";")[0] or "no content type"
    what = f"no JSON object but {len(response.content)} bytes of {kind}"
    if response.is_redirect:
        what = "a redirect"
    failure = errors.Failure(endpoint, f"the answer is {what}", response.status_code)
    # A page with 400 or 404 comes from whatever stands where the API should be, not from the API.
    if response.status_code in (401, 403, 429) or response.status_code >= 500:
        return _typed(failure, response)
    return errors.UnexpectedAnswer(failure)
