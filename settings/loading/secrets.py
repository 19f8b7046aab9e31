"""The stack's secrets: read from the engine once, before anything is made, and never printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from settings.checks.cluster_refs import KEY as KUBECONFIGS
from settings.checks.sign_in import provider_secrets
from settings.errors import ConfigurationError
from settings.facts import stack_file_of
from settings.finding import Finding, Where
from settings.loading.declared_secrets import STACK_VALUES, TENANT_VALUES, value_faults
from settings.loading.sso_secrets import KEY
from settings.models.server.secrets import ServerSecrets, server_faults
from settings.models.stack_file import PROJECT
from settings.types.plain import is_plain
from settings.types.secrets.commands import set_command


@dataclass(frozen=True)
class Secrets:
    """Each an Output that the engine keeps encrypted; None where the stack sets none."""

    apiserver_key: pulumi.Input[str]
    apiserver_secret: pulumi.Input[str]
    supervisor_key: pulumi.Input[str] | None = None
    supervisor_secret: pulumi.Input[str] | None = None
    image_token: pulumi.Input[str] | None = None
    chart_token: pulumi.Input[str] | None = None
    sso_client_secrets: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """By tenant."""
    identity_providers: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Of the whole server, by the provider."""
    kubeconfigs: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """By name."""
    server: ServerSecrets = field(default_factory=ServerSecrets)
    declared: Mapping[str, Mapping[str, pulumi.Input[str]]] = field(default_factory=dict)
    """The values of the stack's own Secrets, by name and key."""
    tenants: Mapping[str, Mapping[str, Mapping[str, pulumi.Input[str]]]] = field(default_factory=dict)
    """The values of tenants' Secrets, by tenant, name and key."""

    @classmethod
    def read(cls, stack: str) -> Secrets:
        """The secrets of the running stack. Raises ConfigurationError for one that the server would misread."""
        config = pulumi.Config(PROJECT)
        faults = list(_faults(config, stack_file_of(stack)))
        if faults:
            raise ConfigurationError(faults)
        return cls(
            apiserver_key=config.require_secret("apiserverKey"),
            apiserver_secret=config.require_secret("apiserverSecret"),
            supervisor_key=config.get_secret("supervisorKey"),
            supervisor_secret=config.get_secret("supervisorSecret"),
            image_token=config.get_secret("imageToken"),
            chart_token=config.get_secret("chartToken"),
            sso_client_secrets={
                tenant: pulumi.Output.secret(secret) for tenant, secret in _sso_client_secrets(config).items()
            },
            identity_providers={
                name: pulumi.Output.secret(secret) for name, secret in _objects(config, provider_secrets.KEY).items()
            },
            kubeconfigs={name: pulumi.Output.secret(content) for name, content in _kubeconfigs(config).items()},
            server=ServerSecrets.read(config),
            declared=_values(config.get_object(STACK_VALUES)),
            tenants={tenant: _values(held) for tenant, held in _objects(config, TENANT_VALUES).items()},
        )


def _sso_client_secrets(config: pulumi.Config) -> dict[str, str]:
    return dict(config.get_object(KEY) or {})


def _kubeconfigs(config: pulumi.Config) -> dict[str, str]:
    return dict(config.get_object(KUBECONFIGS) or {})


def _objects(config: pulumi.Config, key: str) -> Mapping[str, Any]:
    return dict(config.get_object(key) or {})


def _values(held: Mapping[str, Mapping[str, str]] | None) -> dict[str, dict[str, pulumi.Input[str]]]:
    return {
        name: {key: pulumi.Output.secret(value) for key, value in values.items()}
        for name, values in (held or {}).items()
    }


def _faults(config: pulumi.Config, file: str) -> Iterator[Finding]:
    for key in ("apiserverKey", "apiserverSecret"):
        if not is_plain(config.require(key)):
            text = (
                "its value (not shown) does not start with a letter, or holds something else than letters, digits, - "
                "and _, or is a word like true: the server would read it as another value; "
                f"set another with: pulumi config set --secret {key}"
            )
            yield Finding(Where(file, "", f"{PROJECT}:{key}"), text)
    for key, text in server_faults(config):
        yield Finding(
            Where(file, "", f"{PROJECT}:{key}"), f"{text}; set another with: pulumi config set --secret {key}"
        )
    for key, forbidden in (("supervisorKey", ":"), ("supervisorSecret", "")):
        value = config.get(key)
        if value is None:
            continue
        if not value or not value.isprintable() or (forbidden and forbidden in value):
            text = (
                "its value (not shown) is empty, or holds a control character or, in the key, a colon: nobody could "
                f"sign in with it; set another with: pulumi config set --secret {key}"
            )
            yield Finding(Where(file, "", f"{PROJECT}:{key}"), text)
    yield from value_faults(file, _objects(config, STACK_VALUES), STACK_VALUES)
    for tenant, held in _objects(config, TENANT_VALUES).items():
        yield from value_faults(file, held, TENANT_VALUES, tenant)
    provider = provider_secrets.KEY
    for key, held in ((KEY, _sso_client_secrets(config)), (provider, _objects(config, provider))):
        for name, secret in held.items():
            if not isinstance(secret, str) or not secret or not secret.isprintable():
                text = "its value (not shown) is empty, or holds a control character; set another with: "
                yield Finding(Where(file, "", f"{PROJECT}:{key}.{name}"), f"{text}{set_command(key, name)}")
