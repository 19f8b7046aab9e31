"""What the tenants' files declare, as the resource that takes away the sign-in rules that left them wants it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from settings.models.tenant import Tenant


def declared_rules(tenants: Iterable[Tenant]) -> dict[str, Any]:
    """Admin's e-mail to the tenant's name, protection, domains and entries by e-mail, in lower case: see Departures.

    With it the admin's e-mail as it is sent, where it has capitals.
    """
    return {tenant.admin.email.lower(): _rules(tenant) for tenant in tenants}


def declared_companies(tenants: Iterable[Tenant]) -> dict[str, Any]:
    """Admin's e-mail, in lower case, to how the tenant asks for its company, the inputs of Company that find it; and to
    what it has keys for: `uses`, each `<tenant>/<use>`.
    """
    return {tenant.admin.email.lower(): _company(tenant) for tenant in tenants}


def _company(tenant: Tenant) -> dict[str, Any]:
    asked = {
        "name": tenant.company,
        "admin_email": tenant.admin.email,
        "adopt": tenant.adopt,
        "known_id": tenant.company_id,
    }
    uses = [f"{tenant.name}/{use}" for use in tenant.uses]
    return {**{name: value for name, value in asked.items() if value}, "uses": uses}


def _rules(tenant: Tenant) -> dict[str, Any]:
    rules = tenant.sign_in
    users = {email.lower(): "user" for email in rules.users}
    admins = {email.lower(): "admin" for email in rules.admins}
    domains = {domain.lower(): "" for domain in rules.domains}
    email = tenant.admin.email
    # Only where it says more than the key, so that a state without it stays as it is.
    sent = {} if email == email.lower() else {"email": email}
    rest = {"domains": domains, "entries": {**users, **admins}, **sent}
    return {"tenant": tenant.name, "protect": tenant.protect, **rest}
