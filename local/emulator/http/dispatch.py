"""One call from its path to its answer, with the checks in the real server's order (contract 1.3).

Endpoint (404), authentication (401), role (403), impersonation (400/5, 400/6), role again (403), body (400),
fields (400/12), then the endpoint's function, whose writes are one transaction.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from typing import Any

from local.emulator.http.body import Payload, read_body
from local.emulator.http.envelope import envelope
from local.emulator.identity.authentication import authenticate
from local.emulator.identity.impersonation import impersonate
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Endpoint, newest
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import read_fields

log = logging.getLogger("local.emulator")


@dataclass(frozen=True)
class Answer:
    """Status and enveloped body."""

    status: int
    body: dict[str, Any]


def answer(call: Call, payload: Payload) -> Answer:
    """Run the call; every error becomes an enveloped answer."""
    try:
        return Answer(200, envelope(call, _run(call, payload)))
    except ApiError as error:
        return failure(call, error)
    except sqlite3.OperationalError:
        log.exception("%s: the data file", call.name)
        return failure(call, ApiError(Kind.DATABASE_UNAVAILABLE))
    except Exception as error:
        log.exception("%s: unforeseen", call.name)
        return failure(call, ApiError(Kind.GENERAL, text=str(error)))


def failure(call: Call, error: ApiError) -> Answer:
    """The enveloped answer to an error."""
    body = envelope(call, {}, status=error.status, subcode=error.subcode, text=error.message)
    return Answer(error.status, body)


def _run(call: Call, payload: Payload) -> dict[str, Any]:
    endpoint = _resolve(call)
    authenticate(call, endpoint)
    _check_role(call, endpoint)
    if impersonate(call):
        _check_role(call, endpoint)
    call.body = read_body(payload)
    call.fields = read_fields(endpoint.fields, call.body)
    with call.database.transaction():
        return endpoint.function(call)


def _resolve(call: Call) -> Endpoint:
    endpoint = newest(call.server.endpoints.get(call.name, ()), call.requested)
    if endpoint is None:
        text = f"Unable to find endpoint for name {call.name} and version {call.requested}"
        raise ApiError(Kind.UNKNOWN_ENDPOINT, text=text)
    call.actual = endpoint.since
    return endpoint


def _check_role(call: Call, endpoint: Endpoint) -> None:
    identity = call.known_identity
    if endpoint.authorize and identity and not endpoint.allows(identity.role):
        raise ApiError(Kind.ROLE_NOT_ALLOWED, role=identity.role, allowed=endpoint.roles)
