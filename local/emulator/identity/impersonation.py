"""Acting for another user: `Impersonate-As` takes the target's role, `Act-As` keeps the caller's (contract 1.3)."""

from __future__ import annotations

from dataclasses import replace

from local.emulator.identity.authentication import identity_of
from local.emulator.protocol.call import Call
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.identity import Identity
from local.emulator.roles import ADMINS
from local.emulator.store import users

_SPELLINGS = ("X-Clearml-Impersonate-As", "X-Trains-Impersonate-As", "X-Clearml-Act-As", "X-Trains-Act-As")


def impersonate(call: Call) -> bool:
    """Set `call.impersonated` if a header asks for it; whether it did. Raises ApiError 400/5, 400/6, 500/1."""
    impersonate_as, act_as = call.header("Impersonate-As"), call.header("Act-As")
    if not impersonate_as and not act_as:
        return False
    if impersonate_as and act_as:
        given = [name for name in _SPELLINGS if name.lower() in call.headers]
        raise ApiError(Kind.INVALID_HEADERS, "only one allowed", headers=given)
    if call.authenticated is None:
        raise ApiError(Kind.INTERNAL, "validating impersonation")
    caller = call.authenticated.identity
    if caller.role not in ADMINS:
        raise ApiError(Kind.IMPERSONATION, "impersonation not allowed", role=caller.role)
    target = _target(call, caller, impersonate_as or act_as or "")
    if act_as:
        call.impersonated = replace(
            target, role=caller.role, user_name=f"{caller.user_name} (acting as {target.user_name})"
        )
    else:
        call.impersonated = replace(target, user_name=f"{target.user_name} (impersonated by {caller.user_name})")
    return True


def _target(call: Call, caller: Identity, user_id: str) -> Identity:
    everywhere = caller.role == "root" or (
        caller.role == "system" and call.server.assumptions.system_impersonates_across_companies
    )
    query = {"id": user_id} if everywhere else {"id": user_id, "company": caller.company}
    user = users.find(call.database, user_id, None if everywhere else caller.company)
    if user is None:
        raise ApiError(Kind.IMPERSONATION, "unknown user", **query)
    identity = identity_of(call.server, user)
    if identity is None:
        raise ApiError(Kind.IMPERSONATION, "unknown company for user", **{**query, "company": user.company})
    return identity
