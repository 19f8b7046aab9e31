"""system.*: companies and their settings (contract 2.1)."""

from __future__ import annotations

import re
from typing import Any

from local.emulator.companies import lookup
from local.emulator.companies.naming import checked_name
from local.emulator.companies.settings import FEATURE_LISTS, changed, from_defaults
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import boolean, integer, mapping, string, strings
from local.emulator.roles import SYSTEM
from local.emulator.store import companies, queues, users


@endpoint("system.create_company", string("name", required=True), mapping("defaults"), roles=SYSTEM)
def create_company(call: Call) -> Data:
    """Make a company; `defaults` takes limits, and features as the document shows."""
    settings = from_defaults(call.fields["defaults"], call.server.assumptions)
    company_id = companies.create(call.database, checked_name(call, call.fields["name"]), settings)
    made = [(queues.create(call.database, company_id, name), name) for name in call.server.assumptions.app_queues]
    return {"id": company_id, "app_queues": [{"id": queue_id, "name": name} for queue_id, name in made]}


@endpoint(
    "system.get_companies",
    string("name"),
    string("name_pattern"),
    boolean("custom_events", default=False),
    mapping("custom_data"),
    roles=SYSTEM,
)
def get_companies(call: Call) -> Data:
    """All companies, or those of one name (exact but for case), or whose name has the pattern."""
    name, pattern = call.fields["name"], call.fields["name_pattern"]
    found = companies.every(call.database)
    if not call.server.assumptions.deleted_companies_listed:
        found = [each for each in found if each.active]
    if name is not None:
        found = [each for each in found if each.name.casefold() == name.casefold()]
    if pattern is not None:
        found = [each for each in found if _pattern(pattern).search(each.name)]
    counts = _user_counts(call)
    shown: list[Data] = [{"id": each.id, "name": each.name, "active": each.active} for each in found]
    if counts is not None:
        shown = [{**each, **_count(call, counts.get(each["id"], 0))} for each in shown]
    return {"companies": shown}


def _user_counts(call: Call) -> dict[str, int] | None:
    """Users by company, if they were asked for and this server tells."""
    asked = (call.fields["custom_data"] or {}).get("users")
    told = call.server.assumptions.company_user_counts != "absent"
    if not asked or not told:
        return None
    assumptions = call.server.assumptions
    return users.counts(
        call.database,
        internal_too=assumptions.company_user_counts_internal,
        service_too=assumptions.service_users_listed,
    )


def _count(call: Call, count: int) -> Data:
    if call.server.assumptions.company_user_counts == "users":
        return {"users": count}
    return {"custom_data": {"users": count}}


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ApiError(Kind.INVALID_REGEX, str(error)) from None


@endpoint("system.company_info", string("company"), roles=SYSTEM)
def company_info(call: Call) -> Data:
    """One company, by default the caller's, with its settings as `defaults`."""
    company = lookup.company(call, call.fields["company"] or call.identity.company)
    shown: dict[str, Any] = {name: value for name, value in company.settings.items() if name != "app_instance_access"}
    if not call.server.assumptions.company_info_shows_features:
        shown = {name: value for name, value in shown.items() if name not in FEATURE_LISTS}
    if company.sso and call.server.assumptions.company_info_shows_sso:
        shown["sso"] = company.sso
    return {"id": company.id, "name": company.name, "active": company.active, "defaults": shown, "services": []}


_SETTINGS = (
    strings("features"),
    strings("exclude_features"),
    integer("allowed_users"),
    integer("allowed_service_users"),
    boolean("allow_service_user_admins"),
    boolean("admin_access_all_apps"),
    strings("app_access_by_owners"),
    string("feature_set", choices=("basic", "advanced")),
    integer("max_running_apps"),
    strings("supported_application_categories"),
    strings("excluded_application_categories"),
    strings("supported_application_ids"),
    mapping("cookie_options"),
)


@endpoint("system.update_company_settings", string("company", required=True), *_SETTINGS, roles=SYSTEM)
def update_company_settings(call: Call) -> Data:
    """Change the settings that are sent; the others stay."""
    company = lookup.company(call, call.fields["company"])
    sent = {field.name: call.fields[field.name] for field in _SETTINGS}
    new = changed(company.settings, sent, call.server.assumptions)
    companies.save_settings(call.database, company.id, new)
    return {"updated": int(any(value is not None for value in sent.values()))}


_SSO = ("tenant", "group_mapping", "admin_groups")


@endpoint(
    "system.update_company_sso_config",
    string("company", required=True),
    mapping("sso", required=True),
    roles=SYSTEM,
)
def update_company_sso_config(call: Call) -> Data:
    """Tie a company to a tenant of the identity provider; what is not in the document's call is ignored."""
    sso = {name: value for name, value in call.fields["sso"].items() if name in _SSO}
    companies.save_sso(call.database, lookup.company(call, call.fields["company"]).id, sso)
    return {}
