"""sso.*: the identity providers of a company (contract 2.7)."""

from __future__ import annotations

from local.emulator.companies import lookup
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import boolean, mapping, string, strings
from local.emulator.roles import SYSTEM
from local.emulator.store import sso


@endpoint(
    "sso.save_provider_configuration",
    string("provider", required=True),
    mapping("configuration", required=True),
    string("company"),
    boolean("support_provider"),
)
def save_provider_configuration(call: Call) -> Data:
    """Make or change the configuration of `configuration.id` (by default the provider's name)."""
    provider, given = call.fields["provider"], call.fields["configuration"]
    if call.fields["support_provider"] and call.identity.role not in SYSTEM:
        raise ApiError(Kind.FIELDS_NOT_ALLOWED, role=call.identity.role, field="support_provider")
    sso.save(call.database, lookup.company_in_effect(call), provider, given)
    return {}


@endpoint("sso.get_provider_configurations", string("company"))
def get_provider_configurations(call: Call) -> Data:
    """The configurations, without what is secret in them."""
    found = sso.of_company(call.database, lookup.company_in_effect(call))
    return {"configurations": [sso.shown(each) for each in found]}


@endpoint("sso.set_provider_configurations_active", strings("ids"), boolean("active", default=True), string("company"))
def set_provider_configurations_active(call: Call) -> Data:
    """Switch configurations on or off."""
    company, ids, active = lookup.company_in_effect(call), call.fields["ids"] or [], call.fields["active"]
    if not active and call.server.assumptions.last_sso_configuration_stays:
        on = {each.id for each in sso.of_company(call.database, company) if each.active}
        if on and on <= set(ids):
            raise ApiError(Kind.LAST_SSO)
    return {"updated": sso.set_active(call.database, company, ids, active=active)}


@endpoint("sso.delete_provider_configurations", strings("ids"), string("company"))
def delete_provider_configurations(call: Call) -> Data:
    """Remove configurations."""
    return {"deleted": sso.delete(call.database, lookup.company_in_effect(call), call.fields["ids"] or [])}
