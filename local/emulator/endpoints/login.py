"""login.*: who may sign in to which company (contract 2.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from local.emulator.companies import lookup, rule_lists
from local.emulator.configuration import providers
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.validation import boolean, check_domain, check_email, refuse_field, string, strings
from local.emulator.roles import ANY, SYSTEM
from local.emulator.store import facts, rules, users
from local.emulator.store.rules import Entry

_ENTRY_ROLES = ("admin", "user", "consumer")


def _values(call: Call, name: str) -> list[str]:
    """The list `domains` or `emails`, each value once, checked if that is assumed."""
    given: list[str] = call.fields[name] or []
    if call.server.assumptions.sign_in_values_checked:
        for each in given:
            (check_email if name == "emails" else check_domain)(each)
    return list(dict.fromkeys(lookup.folded(call, each) for each in given))


@endpoint("login.set_domains", strings("domains"))
def set_domains(call: Call) -> Data:
    """Replace the domains of the company in effect; that another company has one of them is not looked at."""
    domains = _values(call, "domains")
    if domains or call.server.assumptions.empty_domains_clear:
        rules.set_domains(call.database, call.identity.company, domains)
    return {}


@endpoint(
    "login.add_whitelist_entries",
    strings("emails"),
    boolean("is_admin", default=False),
    replace(string("role", choices=_ENTRY_ROLES), new=True),
)
def add_whitelist_entries(call: Call) -> Data:
    """Whitelist e-mails for the company in effect; `added` names those it did not have."""
    role = call.fields.get("role") or ("admin" if call.fields["is_admin"] else "user")
    company, added = call.identity.company, []
    for email in _values(call, "emails"):
        if rules.add_entry(call.database, company, email, role):
            added.append(email)
        elif call.server.assumptions.readding_changes_role:
            rules.set_entry_role(call.database, company, email, role)
    return {"added": added}


@endpoint("login.remove_whitelist_entries", strings("emails"))
def remove_whitelist_entries(call: Call) -> Data:
    """Remove pending entries of the company in effect; whoever has signed in stays."""
    emails = _values(call, "emails")
    return {"removed": [each for each in emails if rules.remove_pending(call.database, call.identity.company, each)]}


@endpoint("login.get_settings")
def get_settings(call: Call) -> Data:
    """The rules of the company in effect; a pending entry does not show its role."""
    company = call.identity.company
    entries = [_shown(call, each) for each in rules.entries(call.database, company)]
    lists: Data = {"domains": rules.domains(call.database, company), "whitelist_entries": entries}
    left_out = call.server.assumptions.settings_leave_out
    return {name: each for name, each in lists.items() if left_out == "nothing" or (each and left_out == "empty")}


def _shown(call: Call, entry: Entry) -> dict[str, Any]:
    shown: dict[str, Any] = {"email": entry.email, "status": entry.status, "added": entry.added}
    user = users.find(call.database, entry.user) if entry.user else None
    if user:
        return {**shown, "accepted": entry.accepted, "user": {"id": user.id, "name": user.name, "role": user.role}}
    return shown


@endpoint("login.get_whitelist", string("email"), string("domain"), roles=SYSTEM)
def get_whitelist(call: Call) -> Data:
    """The rules of all companies: with this e-mail, or of this domain, or all where no filter is allowed."""
    email, domain, assumptions = call.fields["email"], call.fields["domain"], call.server.assumptions
    accepted = assumptions.whitelist_shows_accepted
    if email is not None and domain is not None:
        raise refuse_field("email", "cannot be used in conjunction with domain")
    if email is not None:
        found = rule_lists.rules_of_email(call.database, lookup.folded(call, email), accepted=accepted)
    elif domain is not None:
        found = rule_lists.rules_of_domain(call.database, lookup.folded(call, domain))
    elif assumptions.whitelist_unfiltered == "refuse":
        raise refuse_field("email", "give either email or domain")
    elif assumptions.whitelist_unfiltered == "absent":
        return {}
    else:
        all_of_them = assumptions.whitelist_unfiltered == "all"
        found = rule_lists.every_rule(call.database, accepted=accepted) if all_of_them else []
    return {"entries": found if assumptions.whitelist_shape == "lists" else rule_lists.flat(found)}


@endpoint(
    "login.supported_modes",
    string("tenant"),
    string("company_hint"),
    boolean("internal", default=False),
    roles=ANY,
    authorize=None,
)
def supported_modes(call: Call) -> Data:
    """How one can sign in; usable unauthenticated, and `authenticated` says whether the credentials given are valid."""
    configuration = call.server.configuration
    offered = providers.offered(configuration)
    return {
        "basic": {"enabled": providers.takes_passwords(configuration), "guest": {"enabled": False}},
        "sso": {each["name"]: each["url"] for each in offered},
        "sso_providers": offered,
        "server_errors": {"missed_es_upgrade": False, "es_connection_error": False},
        "authenticated": call.authenticated is not None,
        "free_signup": False,
        "tenant": call.fields["tenant"],
        "tenant_login": bool(configuration.get("services.login.sso.tenant_login")),
    }


@endpoint("login.logout", roles=ANY, since="2.13", authorize=None)
def logout(call: Call) -> Data:
    """Revoke the token that was shown, if one was, and remove the cookie."""
    if call.authenticated and call.authenticated.session:
        facts.revoke_session(call.database, call.authenticated.session)
    call.cookies[call.server.configuration.get("apiserver.auth.session_auth_cookie_name")] = None
    return {}
