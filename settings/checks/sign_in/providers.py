"""What an identity provider lets happen: passwords in plain text, or a way in that nobody is offered."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.server.sign_in.ldap import Ldap
from settings.models.server.sign_in.providers import OAUTH_IDS
from settings.models.tenant import Tenant
from settings.types.secrets.url_login import quoted

_KEY = "server.identityProviders"


@check("identity providers of the server are offered, and passwords go to them encrypted")
def check_providers(facts: Facts) -> Iterator[Finding]:
    """Warnings: each works, and not as somebody may think."""
    if facts.settings is None:
        return
    for tenant in facts.tenants:
        yield from _kind_of_tenants(tenant)
    server = facts.settings.server
    for name, provider in server.identity_providers.items():
        if isinstance(provider, Ldap):
            yield from _in_plain_text(provider)
        elif server.multi_tenant_login:
            text = (
                "is offered to nobody, since server.multiTenantLogin leaves each tenant its own provider; "
                "take one of the two out"
            )
            yield Finding(setting("", f"{_KEY}.{name}"), text, WARNING)


def _kind_of_tenants(tenant: Tenant) -> Iterator[Finding]:
    """The guides show `keycloak` of a tenant's own; other kinds are the whole server's (contract 3.2, 6.1)."""
    if tenant.sso and tenant.sso.provider not in OAUTH_IDS:
        near = get_close_matches(tenant.sso.provider, OAUTH_IDS, n=1)
        meant = f"did you mean {near[0]}?" if near else f"known: {', '.join(OAUTH_IDS)}"
        text = f"{quoted(tenant.sso.provider)} is no kind of provider that ClearML's guides name; {meant}"
        yield Finding(setting(tenant.name, "sso.provider"), text, WARNING)


def _in_plain_text(ldap: Ldap) -> Iterator[Finding]:
    if not ldap.is_encrypted:
        text = "sends people's passwords in plain text; write ldaps:// before the host, or useTls: true beside it"
        yield Finding(setting("", f"{_KEY}.ldap.server"), text, WARNING)
    if not ldap.tls.validate_certificate:
        text = "sends people's passwords to whoever answers; write the authority's certificates as authority instead"
        yield Finding(setting("", f"{_KEY}.ldap.tls.validateCertificate"), text, WARNING)
