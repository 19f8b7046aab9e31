"""auth.*_credentials: key pairs; the secret is in one answer only (contract 2.3)."""

from __future__ import annotations

from typing import Any

from local.emulator.companies import lookup
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import integer, string
from local.emulator.roles import ADMINS, ANY, SYSTEM
from local.emulator.store import clock, credentials
from local.emulator.store.credentials import Credential
from local.emulator.store.identifiers import new_access_key, new_secret_key


@endpoint("auth.create_credentials", string("label"), integer("expiration_sec", new=True), roles=ANY)
def create_credentials(call: Call) -> Data:
    """A new pair for the identity in effect, each time."""
    identity = call.identity
    _refuse_protected(call)
    user = lookup.user(call, identity.user, identity.company)
    if len(credentials.of_user(call.database, user.id)) >= call.server.assumptions.max_credentials:
        raise ApiError(Kind.MAX_CREDENTIALS)
    return {"credentials": new_pair(call, (user.id, user.company), call.fields["label"], _expiration(call))}


def new_pair(call: Call, owner: tuple[str, str], label: str | None, expire: str | None) -> dict[str, Any]:
    """Make a pair for the owner (user id, company id) and return it, the secret included."""
    pair = new_access_key(), new_secret_key()
    credentials.add(call.database, owner, pair, label, expire)
    return _set_only({"access_key": pair[0], "secret_key": pair[1], "label": label, "expire": expire})


def _expiration(call: Call) -> str | None:
    if not call.server.assumptions.new_server:
        return None
    limit = call.server.configuration.get("apiserver.auth.credentials.default_expiration_sec")
    asked = call.fields["expiration_sec"]
    if asked == 0 and not call.server.assumptions.zero_seconds_never_expire:
        asked = None
    seconds = limit if asked is None else _within(call, asked, limit)
    return clock.after(int(seconds)) if seconds else None


def _within(call: Call, asked: int, limit: int) -> int:
    """What was asked for; for who is no admin, at most the policy's limit. Both are seconds, and 0 has no end."""
    short_enough = not limit or (asked != 0 and asked <= limit)
    if short_enough or call.identity.role in ADMINS:
        return asked
    if call.server.assumptions.longer_life == "refuse":
        raise ApiError(Kind.FIELDS_VALUE, expiration_sec=asked, maximum=limit)
    return limit


@endpoint("auth.get_credentials", roles=ANY)
def get_credentials(call: Call) -> Data:
    """The pairs of the identity in effect, without secrets."""
    identity = call.identity
    user = lookup.user(call, identity.user, identity.company)
    found = [_shown(each) for each in credentials.of_user(call.database, user.id)]
    limit = call.server.assumptions.max_credentials
    return {"credentials": found, "additional_credentials": {}, "max_credentials": limit}


def _shown(each: Credential) -> dict[str, Any]:
    return _set_only(
        {
            "access_key": each.access_key,
            "label": each.label,
            "created": each.created,
            "expire": each.expire,
            "last_used": each.last_used,
            "last_used_from": each.last_used_from,
        }
    )


@endpoint("auth.edit_credentials", string("access_key", required=True), string("label"), roles=ANY)
def edit_credentials(call: Call) -> Data:
    """Change the label of a pair of the identity in effect."""
    identity, key = call.identity, call.fields["access_key"]
    updated = credentials.relabel(call.database, identity.user, key, call.fields["label"])
    if not updated:
        details = {"user": identity.user, "access_key": key, "company": identity.company}
        raise ApiError(Kind.INVALID_ACCESS_KEY, "invalid user or invalid access key", **details)
    return {"updated": updated}


@endpoint("auth.revoke_credentials", string("access_key", required=True), roles=ANY)
def revoke_credentials(call: Call) -> Data:
    """Remove a pair of the identity in effect."""
    identity, key = call.identity, call.fields["access_key"]
    _refuse_protected(call)
    revoked = credentials.revoke(call.database, identity.user, key)
    if not revoked:
        details = {"id": identity.user, "company": identity.company, "credentials__key": key}
        raise ApiError(Kind.INVALID_USER, "invalid user or invalid access key", **details)
    return {"revoked": revoked}


@endpoint("auth.locate_credentials", string("access_key", required=True))
def locate_credentials(call: Call) -> Data:
    """Whose key it is; admins see their own company's keys only."""
    company = None if call.identity.role in SYSTEM else call.identity.company
    found = credentials.locate(call.database, call.fields["access_key"], company)
    if found is None:
        raise ApiError(Kind.INVALID_ACCESS_KEY, access_key=call.fields["access_key"])
    user = lookup.user(call, found.user, None)
    kept = {key: value for key, value in _shown(found).items() if key not in ("access_key", "created")}
    return {"user": user.id, "name": user.name, **kept}


def _refuse_protected(call: Call) -> None:
    if call.server.configuration.protects(call.identity.user):
        raise ApiError(Kind.INVALID_USER_ID, "protected identity")


def _set_only(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
