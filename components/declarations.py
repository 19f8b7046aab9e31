"""What all tenants' files declare, as the API's resources take it: sign-in rules, companies, keys. Pure.

Domains come canonical from the settings (`settings.types.vocabulary`) and are handed on as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from components.clearml.run.intent import CompanyRequest, Intent
from settings.models.tenant import Tenant


def declared_rules(tenants: Iterable[Tenant]) -> dict[str, Any]:
    """As `SignInRuleRemovals` takes them: admin's e-mail to name, protection, domains and entries, in lower case.

    With it the admin's e-mail as it is sent, where it has capitals.
    """
    return {tenant.admin.email.lower(): _rules(tenant) for tenant in tenants}


def declared_intent(tenants: Iterable[Tenant]) -> Intent:
    """How every tenant asks for its company, and what it has keys for."""
    return Intent(tuple(_request(tenant) for tenant in tenants))


def _request(tenant: Tenant) -> CompanyRequest:
    return CompanyRequest(
        name=tenant.company,
        admin_email=tenant.admin.email,
        known_id=tenant.company_id,
        adopt=tenant.adopt,
        key_uses=tuple(f"{tenant.name}/{use}" for use in tenant.uses),
    )


def _rules(tenant: Tenant) -> dict[str, Any]:
    rules = tenant.sign_in
    # An address in two lists is refused before.
    entries = {email.lower(): role for _, role, emails in reversed(rules.by_role()) for email in emails}
    domains = dict.fromkeys(rules.domains, "")
    email = tenant.admin.email
    # Only where it says more than the key, so that a state without it stays as it is.
    sent = {} if email == email.lower() else {"email": email}
    rest = {"domains": domains, "entries": entries, **sent}
    return {"tenant": tenant.name, "protect": tenant.protect, **rest}
