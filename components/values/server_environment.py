"""The environment of the server's parts: the document's first values block, and what the contract names beside it.

The order is the document's. Every free text is quoted for the server's HOCON parser; see `hocon.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pulumi

from components.values.environment import EnvironmentVariable, variable
from components.values.groups import group_environment
from components.values.hocon import flag, quoted
from components.values.reporting import audit_environment
from components.values.secrets.supervisor import supervisor_environment
from components.values.sign_in.environment import sign_in_environment
from settings.loading.secrets import Secrets
from settings.models.server.release import Server
from settings.models.stack import StackSettings


def apiserver_environment(
    stack: StackSettings, secrets: Secrets, group_ids: Mapping[str, pulumi.Input[str]]
) -> Iterator[EnvironmentVariable]:
    """Helm replaces a list wholly, so this is the only one. `group_ids`: of every cross-tenant group, by its key."""
    for feature, on in stack.features.items():
        yield variable(f"CLEARML__services__organization__features__{feature}", flag(on))
    yield from _ui_features(stack.ui_features_per_role)
    if stack.server.supervisor.enabled:
        yield from supervisor_environment(stack.server.supervisor, secrets)
    yield variable("CLEARML__apiserver__company__unique_names", flag(stack.server.unique_names))
    yield from _sign_in(stack.server)
    yield from audit_environment(stack.server.api_audit)
    yield from sign_in_environment(stack.server.identity_providers, secrets)
    yield from group_environment(stack.groups, group_ids)


def webserver_environment(server: Server) -> Iterator[EnvironmentVariable]:
    """With multi-tenant login, the general page offers no provider: each tenant has its own (contract 6.1)."""
    if server.multi_tenant_login:
        yield variable("WEBSERVER__onlyPasswordLogin", flag(True))
    if server.fileserver.external_url:
        # The web server reads its variables as JSON.
        yield variable("WEBSERVER__fileBaseUrl", quoted(server.fileserver.external_url))


def _ui_features(per_role: Mapping[str, Mapping[str, bool]]) -> Iterator[EnvironmentVariable]:
    for role, features in per_role.items():
        for feature, shown in features.items():
            yield variable(f"CLEARML__services__auth__ui_features_per_role__{role}__{feature}", flag(shown))


def _sign_in(server: Server) -> Iterator[EnvironmentVariable]:
    if server.multi_tenant_login:
        yield variable("CLEARML__services__login__sso__tenant_login", flag(True))
        # Providers that belong to no tenant would let people past the tenants' rules.
        yield variable("CLEARML__services__login__sso__allow_settings_providers", flag(False))
    if server.key_lifetime_seconds is not None:
        seconds = str(server.key_lifetime_seconds)
        yield variable("CLEARML__apiserver__auth__credentials__default_expiration_sec", seconds)
