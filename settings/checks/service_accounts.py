"""What a tenant's service account needs beside it: the feature, room, and agents that ask for what it may do."""

from __future__ import annotations

from collections.abc import Iterator

from settings.check_registry import check
from settings.facts import Facts
from settings.features.effective import effective, layers_of
from settings.features.server_version import server_version_of
from settings.finding import WARNING, Finding, setting
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import worker_key

_FEATURE = "service_users"
# The first server whose service accounts can be admins, as agents and gateways need it (contract 2.3).
_SINCE = (3, 25)
_ENABLED = "serviceAccount.enabled"


@check("a tenant with a service account may have one, and its agents ask for what the account may do")
def check_service_accounts(facts: Facts) -> Iterator[Finding]:
    """Everything that stands in a service account's way."""
    for tenant in facts.tenants:
        if tenant.service_account.enabled:
            yield from _room(tenant)
            yield from _owner_tokens(tenant, facts.settings)
            if facts.settings:
                yield from _feature(tenant, facts.settings)
                yield from _server(tenant, facts.settings)


def _room(tenant: Tenant) -> Iterator[Finding]:
    if tenant.allowed_service_users == 0:
        text = "leaves no room for the account that serviceAccount asks for; write 1 or more, or take that out"
        yield Finding(setting(tenant.name, "allowedServiceUsers"), text)


def _owner_tokens(tenant: Tenant, stack: StackSettings | None) -> Iterator[Finding]:
    by_admin = tenant.uses_of_admin(stack.server.queue_mode if stack else "global")
    for use, agent in tenant.all_agents.items():
        if agent.use_owner_token and use not in by_admin and not tenant.service_account.run_as_owner:
            text = "needs a service account that may run tasks as their owners; write serviceAccount: {enabled: true,"
            yield Finding(setting(tenant.name, f"{worker_key(use)}.useOwnerToken"), f"{text} runAsOwner: true}}")


def _feature(tenant: Tenant, stack: StackSettings) -> Iterator[Finding]:
    if _FEATURE in tenant.exclude_features:
        index = tenant.exclude_features.index(_FEATURE)
        text = f"{_FEATURE!r} is what serviceAccount needs; remove it here, or take serviceAccount out"
        yield Finding(setting(tenant.name, f"excludeFeatures[{index}]"), text)
    elif _FEATURE not in effective(layers_of(stack, tenant)).available:
        text = f"needs the feature {_FEATURE}; add it to features, unless the server's licence brings it"
        yield Finding(setting(tenant.name, _ENABLED), text, WARNING)


def _server(tenant: Tenant, stack: StackSettings) -> Iterator[Finding]:
    version = server_version_of(stack)
    if version.is_surely_below(*_SINCE):
        text = f"is there from apiserver 3.25 on, and {version.source}; remove it, or upgrade the server"
        yield Finding(setting(tenant.name, _ENABLED), text)
