"""The Secrets that settings declare for a namespace: what each holds, who pulls images with it, what it rolls."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pydantic import BaseModel

from components.values.environment import EnvironmentVariable, rolled_by_secrets
from settings.loading.secrets import Secrets
from settings.models.secrets import PASSWORD, DeclaredSecret, granted
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant

_Values = Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True)
class NamespaceSecrets:
    """`declared` and the `values` of each, by name; `own` is the server's pair, which nobody can guess."""

    declared: Mapping[str, DeclaredSecret] = field(default_factory=dict)
    values: Mapping[str, _Values] = field(default_factory=dict)
    own: Sequence[pulumi.Input[str]] = ()

    @classmethod
    def of_server(cls, stack: StackSettings, secrets: Secrets) -> NamespaceSecrets:
        """Those of the server's namespace: all of the stack's."""
        return cls(stack.secrets, secrets.declared, (secrets.apiserver_key, secrets.apiserver_secret))

    @classmethod
    def of_tenant(cls, tenant: Tenant, stack: StackSettings, secrets: Secrets) -> NamespaceSecrets:
        """The tenant's own, and what the stack grants it."""
        given = granted(stack.secrets, tenant.name)
        values = {name: secrets.declared.get(name, {}) for name in given}
        return cls(
            {**given, **tenant.secrets},
            {**values, **secrets.tenants.get(tenant.name, {})},
            (secrets.apiserver_key, secrets.apiserver_secret),
        )

    @property
    def pull_names(self) -> list[str]:
        """The logins, with which every pod of the namespace pulls its images."""
        return [name for name, secret in self.declared.items() if secret.is_login]

    def kubernetes_type(self, name: str) -> str:
        """As Kubernetes calls it."""
        return "kubernetes.io/dockerconfigjson" if self.declared[name].is_login else "Opaque"

    def data(self, name: str) -> dict[str, pulumi.Input[str]]:
        """The Secret's `data`, secret: base64, as it is read back, so that a refresh compares like with like."""
        secret, values = self.declared[name], self.values[name]
        if secret.is_login:
            login = pulumi.Output.from_input(values[PASSWORD]).apply(lambda password: _login(secret, password))
            return {".dockerconfigjson": pulumi.Output.secret(login)}
        return {key: pulumi.Output.secret(_encoded(values[key])) for key in secret.keys}

    def rolled(self, *free: object) -> list[EnvironmentVariable]:
        """What changes a pod template with the values of every Secret that these free settings name; else nothing."""
        named = {name for each in free for name in _texts(each)} & set(self.declared)
        texts = [self.values.get(name, {}).get(key, "") for name in sorted(named) for key in self.declared[name].held]
        return [rolled_by_secrets(self.own, texts)] if texts else []


NO_SECRETS = NamespaceSecrets()


def _texts(value: object) -> Iterator[str]:
    """Every text in a setting."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", by_alias=True)
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def _login(secret: DeclaredSecret, password: str) -> str:
    pair = f"{secret.username}:{password}"
    login = {"username": secret.username, "password": password, "auth": b64encode(pair.encode()).decode()}
    return b64encode(json.dumps({"auths": {secret.registry: login}}).encode()).decode()


def _encoded(text: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.from_input(text).apply(lambda known: b64encode(known.encode()).decode())
