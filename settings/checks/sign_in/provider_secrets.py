"""Every identity provider of the server has its secret in the stack's file, and no secret there is nobody's."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.types.secrets.commands import set_command

KEY = "identityProviderSecrets"


@check("every identity provider of the server has its secret, and no other has one")
def check_provider_secrets(facts: Facts) -> Iterator[Finding]:
    """Secrets that are missing, and those that are nobody's."""
    if facts.file is None:
        return
    held = facts.file.identity_provider_secrets
    asked = facts.file.stack.server.identity_providers.with_secret()
    for name in asked:
        if name not in held:
            text = f"has no secret in the stack's file; set it with: {set_command(KEY, name)}"
            yield Finding(setting("", f"server.identityProviders.{name}"), text)
    for name in sorted(set(held) - set(asked)):
        text = (
            "is the secret of no provider of server.identityProviders that has one; "
            f"remove it with: pulumi config rm --path {KEY}.{name}"
        )
        yield Finding(facts.stack_key(f"{KEY}.{name}"), text)
