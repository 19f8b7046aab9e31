"""Every tenant with an identity provider has its client secret in the stack's file, and no other has one."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.types.secrets.commands import set_command

KEY = "ssoClientSecrets"


@check("every tenant with an identity provider has its client secret, and no other has one")
def check_sso_secrets(facts: Facts) -> Iterator[Finding]:
    """Client secrets that are missing, and those that are nobody's."""
    if facts.file is None:
        return
    held, asked = facts.file.sso_client_secrets, {tenant.name for tenant in facts.tenants if tenant.sso}
    for name in sorted(asked - set(held)):
        text = f"has no client secret in the stack's file; set it with: {set_command(KEY, name)}"
        yield Finding(setting(name, "sso"), text)
    if not facts.is_whole:
        return  # the file that this secret belongs to may be the one at fault
    for name in sorted(set(held) - asked):
        text = f"is the client secret of no tenant with sso; remove it with: pulumi config rm --path {KEY}.{name}"
        yield Finding(facts.stack_key(f"{KEY}.{name}"), text)
