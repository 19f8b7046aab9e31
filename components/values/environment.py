"""Entries of a container's environment, as Kubernetes reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NotRequired, TypedDict

import pulumi

from settings.models.base import Settings

_KEYS = "CLEARML_TENANTS_KEYS"
_SUPERVISOR = "CLEARML_TENANTS_SUPERVISOR"
_SECRETS = "CLEARML_TENANTS_SECRETS"
_IDENTITY_PROVIDERS = "CLEARML_TENANTS_IDENTITY_PROVIDERS"


class _SecretKey(TypedDict):
    name: str
    key: str


class _Source(TypedDict):
    secretKeyRef: _SecretKey


class EnvironmentVariable(TypedDict):
    """One entry of an `extraEnvs` list: a `value`, or a Secret's.

    No `value` is a secret: the kubernetes plugin hides a whole list from a reviewer when one item of it is (ADR 2).
    """

    name: str
    value: NotRequired[pulumi.Input[str]]
    valueFrom: NotRequired[_Source]


def literal(text: str) -> str:
    """`text` with every `$` doubled: the kubelet replaces `$(NAME)` in values and halves `$$`."""
    return text.replace("$", "$$")


def variable(name: str, value: pulumi.Input[str]) -> EnvironmentVariable:
    """An entry whose value reaches the container as it is given here."""
    if isinstance(value, pulumi.Output):
        return {"name": name, "value": value.apply(literal)}
    return {"name": name, "value": literal(str(value))}


def from_secret(name: str, secret: str, key: str) -> EnvironmentVariable:
    """An entry whose value is what the Secret of that name, in the pod's namespace, holds under `key`.

    The kubelet replaces nothing in it. ASSUMPTION (contract 4.4): the enterprise charts write a list of variables into
    the container as it is, as the public ones do.
    """
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def rolled_by_keys(keys: Mapping[str, pulumi.Input[str]]) -> list[EnvironmentVariable]:
    """An entry that nobody reads: it changes a pod template with keys that a Secret brings (contract 4.1, 4.4)."""
    return [variable(_KEYS, _digest([keys[name] for name in sorted(keys)]))]


def rolled_by_supervisor(own: Sequence[pulumi.Input[str]], pair: Sequence[pulumi.Input[str]]) -> EnvironmentVariable:
    """An entry like `rolled_by_keys`, for the supervisor's `pair`.

    A person may have chosen that. The server's `own` pair is in the digest too, so that nobody can try guesses on it.
    """
    return variable(_SUPERVISOR, _digest([*own, *pair]))


def rolled_by_secrets(own: Sequence[pulumi.Input[str]], texts: Sequence[pulumi.Input[str]]) -> EnvironmentVariable:
    """An entry like `rolled_by_supervisor`, for the values of Secrets that settings declare, in a settled order."""
    return variable(_SECRETS, _digest([*own, *texts]))


def rolled_by_identity_providers(
    own: Sequence[pulumi.Input[str]], texts: Sequence[pulumi.Input[str]]
) -> EnvironmentVariable:
    """An entry like `rolled_by_supervisor`, for secrets and files of identity providers, in a settled order."""
    return variable(_IDENTITY_PROVIDERS, _digest([*own, *texts]))


def _digest(keys: Sequence[pulumi.Input[str]]) -> pulumi.Input[str]:
    """16 hexadecimal characters from which no key can be told; no secret, though the keys are."""
    if not any(isinstance(each, pulumi.Output) for each in keys):
        return _hashed([str(each) for each in keys])
    return pulumi.Output.unsecret(pulumi.Output.all(*keys).apply(_hashed))


def _hashed(keys: Sequence[str]) -> str:
    return sha256("\0".join(keys).encode()).hexdigest()[:16]


def rolled_by(settings: Settings, access_key: pulumi.Input[str]) -> list[EnvironmentVariable]:
    """Entries that nobody reads: they change a worker's pod template with its credentials and with its settings.

    A changed Secret or ConfigMap restarts no pod (contract 4.4), and not every chart sees to it. Defaults are left
    out of the digest, so that a setting that is new to this program rolls nobody.
    """
    digest = sha256(settings.model_dump_json(exclude_defaults=True).encode()).hexdigest()
    return [
        variable("CLEARML_TENANTS_ACCESS_KEY", access_key),
        variable("CLEARML_TENANTS_SETTINGS", digest[:16]),
    ]
