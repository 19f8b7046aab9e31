"""Records a call names, or the error the real server gives for ones that are not there (400, never 404)."""

from __future__ import annotations

from local.emulator.protocol.call import Call
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.roles import SYSTEM
from local.emulator.store import companies, users
from local.emulator.store.companies import Company
from local.emulator.store.users import User


def company(call: Call, company_id: str) -> Company:
    """Raises ApiError 400/10."""
    found = companies.find(call.database, company_id)
    if found is None:
        raise ApiError(Kind.INVALID_ID, company=company_id)
    return found


def user(call: Call, user_id: str, company_id: str | None) -> User:
    """The user, of that company if one is given. Raises ApiError 400/301."""
    found = users.find(call.database, user_id, company_id)
    if found is None:
        raise ApiError(Kind.INVALID_USER_ID, id=user_id, **({"company": company_id} if company_id else {}))
    return found


def company_in_effect(call: Call) -> str:
    """The `company` field if it was sent, else the caller's. Raises ApiError 400/13: only system may name another."""
    identity, asked = call.identity, call.fields.get("company")
    if asked and asked != identity.company and identity.role not in SYSTEM:
        raise ApiError(
            Kind.FIELDS_NOT_ALLOWED, "must be empty or your own company", role=identity.role, field="company"
        )
    return company(call, asked).id if asked else identity.company


def folded(call: Call, text: str) -> str:
    """An e-mail or domain as it is stored."""
    return text.lower() if call.server.assumptions.fold_case else text
