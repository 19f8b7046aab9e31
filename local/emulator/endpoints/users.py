"""users.*: profiles, and what the caller is and may (contract 2.4)."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from local.emulator.companies import lookup
from local.emulator.companies.features import effective_features, groups_of
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import boolean, integer, string, strings
from local.emulator.roles import ANY, SYSTEM
from local.emulator.store import users


@endpoint("users.get_current_user", boolean("get_supported_features", default=False), roles=ANY)
def get_current_user(call: Call) -> Data:
    """The identity in effect; on request its groups and effective features."""
    identity = call.identity
    profile = users.find_profile(call.database, identity.user, identity.company)
    if profile is None:
        raise ApiError(Kind.INVALID_USER, "failed loading user")
    company = lookup.company(call, identity.company)
    shown = {**profile, "role": identity.role, "company": {"id": company.id, "name": company.name}}
    data: Data = {
        "user": shown,
        "getting_started": call.server.configuration.get("apiserver.getting_started_info"),
        "settings": {"max_download_items": 1000},
    }
    return {**data, **_features(call)} if call.fields["get_supported_features"] else data


def _features(call: Call) -> Data:
    user = lookup.user(call, call.identity.user, call.identity.company)
    company = lookup.company(call, user.company)
    assumptions = call.server.assumptions
    groups = groups_of(user.role, user.groups, assumptions)
    features = effective_features(call.server.configuration, company.settings, user.role, groups, assumptions)
    return {"supported_features": features, "sec_groups": list(groups), "trial_features": []}


@endpoint(
    "users.get_all",
    strings("id"),
    string("name"),
    strings("only_fields"),
    strings("order_by"),
    integer("page"),
    integer("page_size"),
    boolean("include_auth", default=False),
    boolean("include_providers_info", default=False),
    roles=ANY,
)
def get_all(call: Call) -> Data:
    """The users of the company in effect."""
    found = [_listed(call, each) for each in users.profiles(call.database, call.identity.company)]
    chosen = _page(call, _ordered(call, [each for each in found if each and _matches(call, each)]))
    fields = call.fields["only_fields"]
    if fields:
        chosen = [{key: value for key, value in each.items() if key in fields} for each in chosen]
    return {"users": chosen}


def _listed(call: Call, profile: dict[str, Any]) -> dict[str, Any] | None:
    user = users.find(call.database, profile["id"])
    assumptions = call.server.assumptions
    if user and user.internal and not assumptions.internal_users_listed:
        return None
    if user and user.service and not assumptions.service_users_listed:
        return None
    if not (user and call.fields["include_auth"]):
        return profile
    groups = list(groups_of(user.role, user.groups, assumptions))
    return {**profile, "email": user.shown_email, "role": user.role, "providers": {}, "sec_groups": groups}


def _matches(call: Call, profile: dict[str, Any]) -> bool:
    ids, name = call.fields["id"], call.fields["name"]
    if ids is not None and profile["id"] not in ids:
        return False
    try:
        return name is None or re.search(name, profile["name"]) is not None
    except re.error as error:
        raise ApiError(Kind.INVALID_REGEX, str(error)) from None


def _ordered(call: Call, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for key in reversed(call.fields["order_by"] or ()):
        found = sorted(found, key=partial(_text_of, key.lstrip("-")), reverse=key.startswith("-"))
    return found


def _text_of(field: str, profile: dict[str, Any]) -> str:
    return str(profile.get(field, ""))


def _page(call: Call, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    page, size = call.fields["page"], call.fields["page_size"]
    if page is None or size is None:
        return found
    if page < 0 or size < 1:
        raise ApiError(Kind.VALIDATION, "page must be >= 0 and page_size >= 1")
    return found[page * size : (page + 1) * size]


@endpoint("users.get_by_id", string("user", required=True), roles=ANY)
def get_by_id(call: Call) -> Data:
    """A user of the company in effect; role `system` sees every company's."""
    user_id = call.fields["user"]
    company = None if call.identity.role == "system" else call.identity.company
    profile = users.find_profile(call.database, user_id, company)
    if profile is None:
        raise ApiError(Kind.INVALID_USER_ID, id=user_id, **({"company": company} if company else {}))
    return {"user": profile}


@endpoint("users.update", string("user", required=True), *(string(each) for each in users.PROFILE_FIELDS), roles=ANY)
def update(call: Call) -> Data:
    """Change a user's names or picture."""
    sent = {name: call.fields[name] for name in users.PROFILE_FIELDS if call.fields[name] is not None}
    updated = users.update_profile(call.database, call.fields["user"], call.identity.company, sent)
    return {"updated": updated, "fields": sent}


@endpoint(
    "users.create",
    string("id", required=True),
    string("company", required=True),
    *(string(each, required=each == "name") for each in users.PROFILE_FIELDS),
    roles=SYSTEM,
)
def create(call: Call) -> Data:
    """Make a profile without an auth record; for the server itself."""
    user_id = call.fields["id"]
    if users.find_profile(call.database, user_id):
        raise ApiError(Kind.USER_ID_EXISTS, id=user_id)
    users.create_profile(call.database, user_id, lookup.company(call, call.fields["company"]).id, call.fields)
    return {}


@endpoint("users.delete", string("user", required=True), roles=SYSTEM)
def delete(call: Call) -> Data:
    """Remove the profile only: auth record and credentials stay alive."""
    if not users.delete_profile(call.database, call.fields["user"]):
        raise ApiError(Kind.INVALID_USER_ID, id=call.fields["user"])
    return {}
