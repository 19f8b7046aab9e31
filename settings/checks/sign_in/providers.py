"""What an identity provider of the server lets happen: passwords in plain text, or a way in that nobody is offered."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import WARNING, Finding, setting
from settings.models.server.sign_in.ldap import Ldap

_KEY = "server.identityProviders"


@check("identity providers of the server are offered, and passwords go to them encrypted")
def check_providers(facts: Facts) -> Iterator[Finding]:
    """Warnings: each works, and not as somebody may think."""
    if facts.settings is None:
        return
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


def _in_plain_text(ldap: Ldap) -> Iterator[Finding]:
    if not (ldap.server.startswith("ldaps://") or ldap.use_tls):
        text = "sends people's passwords in plain text; write ldaps:// before the host, or useTls: true beside it"
        yield Finding(setting("", f"{_KEY}.ldap.server"), text, WARNING)
    if not ldap.tls.validate_certificate:
        text = "sends people's passwords to whoever answers; write the authority's certificates as authority instead"
        yield Finding(setting("", f"{_KEY}.ldap.tls.validateCertificate"), text, WARNING)
