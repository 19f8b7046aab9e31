"""From an HTTP response to a typed answer, or to the error whose cause it tells. Never shows what a body holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from components.clearml.api import errors
from components.clearml.api.connection import Connection
from components.clearml.api.redaction import plain
from components.clearml.api.response import Flaw, Response

M = TypeVar("M", bound=BaseModel)
_IMPERSONATION = (5, 6)
_DUPLICATE = 801


def parse(connection: Connection, endpoint: str, response: Response, model: type[M]) -> M:
    """The answer's `data` as `model`; unknown fields are ignored. Raises FailedCall.

    The envelope is contract 1.4; it is read defensively, because proxies answer too and old servers leave parts out.
    """
    body = _json_object(response)
    if body is None:
        raise _foreign(connection, endpoint, response)
    meta = body.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    code = meta.get("result_code", response.status)
    if not response.ok or code != 200:
        raise _refused(connection, endpoint, response, meta)
    try:
        return model.model_validate(body.get("data") or {})
    except ValidationError as cause:
        missing = ", ".join(_path(error["loc"]) for error in cause.errors(include_input=False, include_url=False))
        raise errors.MissingField(
            errors.Failure(
                endpoint,
                connection.masked(f"the answer lacks, or has in another form: {missing}"),
                response.status,
                transaction=_transaction(meta),
            )
        ) from None


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(("data", *map(str, location)))


def _json_object(response: Response) -> Mapping[str, Any] | None:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):  # no JSON, no UTF-8, or nested deeper than anything the API says
        return None
    return body if isinstance(body, dict) else None


def _transaction(meta: Mapping[str, Any]) -> str | None:
    found = meta.get("trx") or meta.get("id")
    return found[:64] if isinstance(found, str) and found.isprintable() else None


def _refused(connection: Connection, endpoint: str, response: Response, meta: Mapping[str, Any]) -> errors.FailedCall:
    """An error envelope of the API itself; the codes are contract 1.5."""
    subcode = meta.get("result_subcode")
    subcode = subcode if _is_number(subcode, 10**6) else None
    code = meta.get("result_code")
    status = code if response.ok and _is_number(code, 1000) else response.status
    words = meta.get("result_msg")
    message = connection.masked((isinstance(words, str) and words) or response.reason or "no reason given")
    failure = errors.Failure(endpoint, message, status, subcode, _transaction(meta), _retry_after(response))
    return _typed(failure, from_api="result_code" in meta)


def _is_number(value: object, below: int) -> bool:
    return type(value) is int and 0 <= value < below


def _retry_after(response: Response) -> float | None:
    """What the server asked for, where that is defined."""
    return response.retry_after if response.status in (429, 503) else None


def _typed(failure: errors.Failure, *, from_api: bool) -> errors.FailedCall:  # noqa: PLR0911 - a table
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
            return errors.RateLimited(failure)
        case ((502 | 503 | 504), _):
            return errors.GatewayFault(failure)
        case status, _ if status >= 500:
            return errors.ServerFault(failure) if from_api else errors.GatewayFault(failure)
        case status, _ if 400 <= status < 500:
            return errors.InvalidRequest(failure)
        case status, _ if status < 300:
            return errors.GarbledAnswer(failure)
    return errors.UnexpectedAnswer(failure)


def _foreign(connection: Connection, endpoint: str, response: Response) -> errors.FailedCall:
    """Something that is no envelope: a proxy's page, a redirect, half an answer."""
    kind = plain(response.headers.get("content-type", "").split(";")[0], 60) or "no content type"
    what = f"no JSON object but {len(response.content)} bytes of {kind}"
    if response.is_redirect:
        what = "a redirect"
    if response.flaw:
        what = response.flaw.value
    words = connection.masked(f"the answer is {what}")
    failure = errors.Failure(endpoint, words, response.status, retry_after=_retry_after(response))
    # A page with 400 or 404 comes from whatever stands where the API should be, not from the API.
    if response.status in (401, 403, 429) or response.status >= 500:
        return _typed(failure, from_api=False)
    if response.status >= 300:
        return errors.UnexpectedAnswer(failure)
    return (errors.AnswerTooLarge if response.flaw is Flaw.TOO_LARGE else errors.GarbledAnswer)(failure)
