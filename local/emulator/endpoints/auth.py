"""auth.*: users and tokens (contract 2.3); their credentials are in `credentials.py`."""

from __future__ import annotations

from typing import Any

from local.emulator.companies import lookup
from local.emulator.companies.features import groups_of
from local.emulator.companies.membership import add_user
from local.emulator.endpoints.service_users import may_be_admins
from local.emulator.identity.tokens import issue
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import boolean, integer, refuse_field, string, strings
from local.emulator.roles import ANY, CREATABLE, NEWER, ROLES, SYSTEM
from local.emulator.store import facts, users
from local.emulator.store.users import User

_COMPANY_ROLES = tuple(sorted(ROLES - {"system", "root"}))


@endpoint("auth.login", integer("expiration_sec", maximum=31_536_000), boolean("set_cookie", default=True), roles=ANY)
def login(call: Call) -> Data:
    """A token for the identity in effect; also as a cookie."""
    token = issue(call.server, call.identity, call.fields["expiration_sec"])
    if call.fields["set_cookie"]:
        call.cookies[call.server.configuration.get("apiserver.auth.session_auth_cookie_name")] = token
    return {"token": token}


@endpoint("auth.logout", roles=ANY, since="2.2")
def logout(call: Call) -> Data:
    """Revoke the token that was shown, and remove the cookie."""
    if call.authenticated and call.authenticated.session:
        facts.revoke_session(call.database, call.authenticated.session)
    call.cookies[call.server.configuration.get("apiserver.auth.session_auth_cookie_name")] = None
    return {}


@endpoint(
    "auth.create_user",
    string("name", required=True),
    string("company", required=True),
    string("email", required=True),
    string("role", default="user"),
    string("given_name"),
    string("family_name"),
    string("avatar"),
    boolean("internal", default=False),
    roles=SYSTEM,
)
def create_user(call: Call) -> Data:
    """Make a user of any company; a tenant's admin is refused."""
    fields = call.fields
    company = lookup.company(call, fields["company"])
    user_id = add_user(
        call.database,
        call.server.assumptions,
        company.id,
        lookup.folded(call, fields["email"]),
        _creatable_role(call),
        internal=fields["internal"],
        profile=fields,
    )
    return {"id": user_id}


def _creatable_role(call: Call) -> str:
    """The role that is asked for; null is no way to leave it out."""
    role: str = call.fields["role"] if call.body.get("role", "") is not None else "None"
    if role not in CREATABLE + (NEWER if call.server.assumptions.new_server else ()):
        raise refuse_field("role", f"value '{role}' is not a valid choice.")
    return role


@endpoint("auth.delete_user", string("user", required=True))
def delete_user(call: Call) -> Data:
    """Remove a user of the company in effect, with credentials; the profile stays."""
    identity, user_id = call.identity, call.fields["user"]
    if user_id == identity.user:
        raise ApiError(Kind.FIELDS_VALUE, "cannot delete yourself", user=user_id)
    users.delete(call.database, lookup.user(call, user_id, identity.company).id)
    return {"deleted": True}


@endpoint("auth.edit_user", string("user", required=True), string("role", choices=_COMPANY_ROLES))
def edit_user(call: Call) -> Data:
    """Change the role of a user of the company in effect."""
    user = lookup.user(call, call.fields["user"], call.identity.company)
    role = call.fields["role"]
    if user.service and role == "admin" and not may_be_admins(call, lookup.company(call, user.company)):
        raise ApiError(Kind.FIELDS_VALUE, "service accounts cannot be admins here", role=role)
    if role is None:
        raise ApiError(Kind.GENERAL, text="No update parameters, would remove data")
    if role == user.role:
        return {"updated": 0, "fields": {"role": role}}
    users.set_role(call.database, user.id, role)
    return {"updated": 1, "fields": {"role": role}}


@endpoint(
    "auth.get_users_info",
    strings("users"),
    strings("emails"),
    boolean("include_providers_info", default=False),
    roles=SYSTEM,
)
def get_users_info(call: Call) -> Data:
    """Users of all companies by id or by e-mail; unknown ones are absent from the map."""
    by_id = [users.find(call.database, each) for each in call.fields["users"] or ()]
    emails = [lookup.folded(call, each) for each in call.fields["emails"] or ()]
    by_email = [users.find_by_email(call.database, each) for each in emails]
    found = [user for user in by_id + by_email if user]
    key = call.server.assumptions.users_info_key
    return {"users": {user.id if key == "id" else user.email: _info(call, user) for user in found}}


def _info(call: Call, user: User) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": user.id,
        "email": user.shown_email,
        "role": user.role,
        "created": user.created,
        "sec_groups": list(groups_of(user.role, user.groups, call.server.assumptions)),
    }
    return {**shown, "providers": {}} if call.fields["include_providers_info"] else shown
