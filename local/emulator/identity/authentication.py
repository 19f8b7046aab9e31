"""Who is calling: HTTP Basic with a key pair, a Bearer token, or the session cookie (contract 1.2)."""

from __future__ import annotations

import base64
import binascii

from local.emulator.identity.tokens import authenticate_token
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.identity import Caller, Identity
from local.emulator.protocol.server import Server
from local.emulator.store import companies, credentials, users
from local.emulator.store.users import User


def authenticate(call: Call, endpoint: Endpoint) -> None:
    """Set `call.authenticated` as the endpoint asks for it. Raises ApiError 401."""
    if endpoint.authorize is False:
        return
    authorization = call.headers.get("authorization")
    if not authorization:
        if endpoint.authorize:
            raise ApiError(Kind.NO_CREDENTIALS)
        return
    try:
        call.authenticated = _authenticate(call, authorization)
    except ApiError:
        if endpoint.authorize:
            raise


def identity_of(server: Server, user: User) -> Identity | None:
    """The user's own identity; None if their company is gone."""
    company = companies.find(server.database, user.company)
    if company is None or (not company.active and server.assumptions.deleted_tenant_locks_out):
        return None
    return Identity(user.id, company.id, user.role, user.name, company.name)


def _authenticate(call: Call, authorization: str) -> Caller:
    scheme, _, value = authorization.partition(" ")
    match scheme:
        case "Basic":
            return _authenticate_pair(call, value)
        case "Bearer":
            return authenticate_token(call.server, value)
        case _:
            raise ApiError(Kind.BAD_AUTH_TYPE)


def _authenticate_pair(call: Call, encoded: str) -> Caller:
    try:
        key, _, secret = base64.b64decode(encoded.encode()).decode("latin-1").partition(":")
    except binascii.Error as error:
        raise ApiError(Kind.BAD_CREDENTIALS, str(error)) from None
    user_id = credentials.verify(call.database, key, secret)
    user = users.find(call.database, user_id) if user_id else None
    if user is None:
        raise ApiError(Kind.INVALID_CREDENTIALS, "failed to locate provided credentials")
    credentials.touch(call.database, key, user.id, call.origin)
    identity = identity_of(call.server, user)
    if identity is None:
        raise ApiError(Kind.INVALID_CREDENTIALS, "invalid user company")
    return Caller(identity)
