"""Finds secrets in plain text where the settings are free: chart values, pod templates, environment entries.

A value is judged by the name it stands under and never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from settings.check_registry import check
from settings.checks.server.reporting import METERING_CONFIGURATION, METERING_DATA
from settings.checks.sign_in.provider_secrets import KEY
from settings.checks.sign_in.saml_metadata import with_private_keys
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.models.server.sign_in.providers import IdentityProviders
from settings.models.stack import StackSettings
from settings.models.workers.agent import Agent
from settings.models.workers.gateway import Gateway
from settings.types.naming import worker_key
from settings.types.secrets.commands import set_command
from settings.types.secrets.looks import secret_looks
from settings.types.secrets.values import holds_marked_token
from settings.types.tree import children

# What the chart takes of no Secret, and the secret of the stack that it is.
_EXTERNAL = ("elasticsearchConnectionString", "mongodbConnectionStringAuth", "mongodbConnectionStringBackend")
_OF_SERVER = {
    "server.usageAggregator.configuration": METERING_CONFIGURATION,
    "server.extraValues.usageAggregator.configuration": METERING_CONFIGURATION,
    "server.extraValues.usageAggregator.externalServices.mongodbConnectionString": METERING_DATA,
    **{f"server.extraValues.externalServices.{key}": key for key in _EXTERNAL},
}
_PROVIDER = re.compile(r"__(?:login__sso__\w+_client|fixed_user_providers)__(\w+?)__(?:client_secret|password)\Z")


@check("no secret stands in plain text among free values")
def check_plain_secrets(facts: Facts) -> Iterator[Finding]:
    """Everything that looks like a secret."""
    settings, tenants = facts.settings, facts.tenants
    if settings:
        providers = _of_providers(settings)
        told = set(with_private_keys(settings.server.identity_providers))
        keys = [key for key in secret_looks(settings.server, "server") if key not in told]
        yield from _said("", (key for key in keys if key not in providers))
        yield from (_of_provider(key, providers[key]) for key in keys if key in providers)
    for tenant in tenants:
        for use, worker in tenant.all_workers.items():
            yield from _said(tenant.name, secret_looks(worker, worker_key(use)))
        for key in _tokens(tenant, ""):
            text = "holds a token in plain text (not shown); take it out, and have another made in its place"
            yield Finding(setting(tenant.name, key), text)


def _tokens(value: object, key: str) -> Iterator[str]:
    """Where a text that is no free value, or a name that the tenant chose, holds a token of some service."""
    if isinstance(value, str):
        # Most are one, and nothing is below it.
        if holds_marked_token(value):
            yield key
        return
    names = [str(name) for name in value] if isinstance(value, Mapping) else []
    if any(map(holds_marked_token, names)):
        yield key
    elif not (names and key.rpartition(".")[2] == "queues"):
        for name, at, each in children(value, key):
            if name == "queues" or not isinstance(value, Agent | Gateway):
                yield from _tokens(each, at)


def _said(tenant: str, keys: Iterator[str]) -> Iterator[Finding]:
    for key in keys:
        if not tenant and (secret := _OF_SERVER.get(key)):
            text = (
                "looks like a secret in plain text (not shown); take it out, and set all of this text encrypted with:"
            )
            yield Finding(setting("", key), f"{text} pulumi config set --secret {secret}")
            continue
        above = ("tenantSecrets", tenant) if tenant else ("secrets",)
        text = (
            "looks like a secret in plain text (not shown); put it into a Secret of the cluster and name that, with "
            "valueFrom: {secretKeyRef: {name: my-secret, key: my-key}} or the like; declare that Secret with "
            "secrets: {my-secret: {keys: [my-key]}}, and set its value with: "
            f"{set_command(*above, 'my-secret', 'my-key')}"
        )
        yield Finding(setting(tenant, key), text)


def _of_providers(settings: StackSettings) -> dict[str, str]:
    """Key of each raw variable that says a secret of an identity provider, and the provider."""
    found = {}
    for index, variable in enumerate(settings.server.apiserver.extra_envs):
        match = _PROVIDER.search(variable.name.lower().replace(".", "__"))
        if match and match[1] in IdentityProviders.model_fields:
            found[f"server.apiserver.extraEnvs[{index}].value"] = match[1]
    return found


def _of_provider(key: str, provider: str) -> Finding:
    text = (
        f"looks like a secret in plain text (not shown); write the provider as server.identityProviders.{provider} "
        f"instead of variables, and set its secret with: {set_command(KEY, provider)}"
    )
    return Finding(setting("", key), text)
