"""organization.update_company_name: the only way to rename (contract 2.6)."""

from __future__ import annotations

from local.emulator.companies import lookup
from local.emulator.companies.naming import checked_name
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import string
from local.emulator.roles import ADMIN_ONLY, ADMINS, SYSTEM
from local.emulator.store import companies


@endpoint("organization.update_company_name", string("company"), string("new_name", required=True), roles=ADMINS)
def update_company_name(call: Call) -> Data:
    """Rename the company in effect; naming another one is for system roles, where those may call this at all."""
    role, system = call.identity.role, call.server.assumptions.system_may_rename_company
    if role in SYSTEM and system != "always":
        raise ApiError(Kind.ROLE_NOT_ALLOWED, role=role, allowed=ADMIN_ONLY)
    company = lookup.company(call, lookup.company_in_effect(call))
    name = checked_name(call, call.fields["new_name"], besides=company.id)
    companies.rename(call.database, company.id, name)
    return {"updated": int(name != company.name)}
