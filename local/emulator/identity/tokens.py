"""Bearer tokens: JSON web tokens signed with HMAC-SHA256, carrying the identity (contract 1.2)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.identity import Caller, Identity
from local.emulator.protocol.server import Server
from local.emulator.store import facts

_HEADER = {"alg": "HS256", "typ": "JWT"}


def issue(server: Server, identity: Identity, expiration_seconds: int | None) -> str:
    """A token for the identity. Role `system` gets no expiry unless one is asked for; others 30 days by default."""
    if identity.role != "system":
        expiration_seconds = expiration_seconds or int(
            server.configuration.get("apiserver.auth.default_expiration_sec")
        )
    issued = int(time.time())
    claims: dict[str, Any] = {
        "identity": asdict(identity),
        "iat": issued,
        "session_id": uuid4().hex,
        "auth_type": "Bearer",
        "api_version": server.assumptions.highest_api_version,
        "server_version": server.assumptions.shown_server_version,
    }
    if expiration_seconds:
        claims["exp"] = issued + expiration_seconds
    signed = f"{_encode(_HEADER)}.{_encode(claims)}"
    return f"{signed}.{_sign(server, signed)}"


def authenticate_token(server: Server, token: str) -> Caller:
    """Whose token this is. Raises ApiError 401/30: not ours, altered, expired or revoked."""
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _sign(server, signed).encode()):
        raise ApiError(Kind.INVALID_TOKEN, "invalid jwt token", reason="Signature verification failed")
    try:
        claims = json.loads(_decode(signed.rpartition(".")[2]))
        identity = Identity(**claims["identity"])
    except (ValueError, KeyError, TypeError):
        raise ApiError(Kind.INVALID_TOKEN, "failed parsing token") from None
    if claims.get("exp") and claims["exp"] <= time.time():
        raise ApiError(Kind.INVALID_TOKEN, "invalid jwt token", reason="Signature has expired")
    if facts.is_revoked(server.database, claims["session_id"]):
        raise ApiError(Kind.INVALID_TOKEN, "revoked token")
    return Caller(identity, claims["session_id"])


def _sign(server: Server, signed: str) -> str:
    digest = hmac.new(server.token_secret.encode(), signed.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _encode(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
