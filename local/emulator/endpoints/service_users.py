"""Service accounts of a company: users for machines, which have keys and no web interface (contract 2.3, 2.4)."""

from __future__ import annotations

from typing import Any

from local.emulator.companies import lookup
from local.emulator.companies.features import tenant_features
from local.emulator.companies.membership import add_service_user
from local.emulator.endpoints.credentials import new_pair
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import boolean, integer, string
from local.emulator.store import clock, credentials, users
from local.emulator.store.companies import Company
from local.emulator.store.users import User

FEATURE = "service_users"


@endpoint(
    "auth.create_service_user",
    string("name", required=True),
    boolean("allow_running_as_owner", default=False),
    integer("credentials_expiration_sec"),
)
def create_service_user(call: Call) -> Data:
    """A service account of the company in effect, with a first key pair; each call makes another one."""
    company = lookup.company(call, call.identity.company)
    _refuse_without_feature(call, company)
    user = add_service_user(
        call.database,
        call.server.assumptions,
        company,
        call.fields["name"],
        runs_as_owner=call.fields["allow_running_as_owner"],
    )
    seconds = call.fields["credentials_expiration_sec"]
    expire = clock.after(seconds) if seconds else None
    return {"id": user.id, "credentials": new_pair(call, (user.id, company.id), None, expire)}


@endpoint("users.get_service_users")
def get_service_users(call: Call) -> Data:
    """The service accounts of the company in effect, and how many there may be."""
    company = lookup.company(call, call.identity.company)
    found = [each for each in users.of_company(call.database, company.id) if each.service]
    return {
        "users": [_shown(call, each) for each in found],
        "allowed_service_users": company.settings.get("allowed_service_users"),
        "allow_admins": may_be_admins(call, company),
    }


def may_be_admins(call: Call, company: Company) -> bool:
    """Whether a service account of this company can get the role admin: by the company's settings or the server's."""
    servers = call.server.configuration.get("services.organization.allow_service_user_admins", default=False)
    return bool(company.settings.get("allow_service_user_admins", servers))


def _refuse_without_feature(call: Call, company: Company) -> None:
    organization = call.server.configuration.organization_features
    available = tenant_features(organization, company.settings, call.server.assumptions)
    if call.server.assumptions.service_users_need_feature and FEATURE not in available:
        raise ApiError(Kind.FEATURE_DISABLED, feature=FEATURE, company=company.id)


def _shown(call: Call, user: User) -> dict[str, Any]:
    keys = credentials.of_user(call.database, user.id)
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "credentials": len(keys),
        "allow_running_as_owner": user.runs_as_owner,
        "last_active_time": max((each.last_used for each in keys if each.last_used), default=None),
    }
