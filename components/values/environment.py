"""Entries of a container's environment, as Kubernetes reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypedDict

import pulumi

from settings.models.base import Settings

_KEYS = "CLEARML_TENANTS_KEYS"


class EnvironmentVariable(TypedDict):
    """One entry of an `extraEnvs` list."""

    name: str
    value: pulumi.Input[str]


def literal(text: str) -> str:
    """`text` with every `$` doubled: the kubelet replaces `$(NAME)` in values and halves `$$`."""
    return text.replace("$", "$$")


def variable(name: str, value: pulumi.Input[str]) -> EnvironmentVariable:
    """An entry whose value reaches the container as it is given here."""
    if isinstance(value, pulumi.Output):
        return {"name": name, "value": value.apply(literal)}
    return {"name": name, "value": literal(str(value))}


def rolled_by_keys(keys: Mapping[str, pulumi.Input[str]]) -> list[EnvironmentVariable]:
    """An entry that nobody reads: it changes a pod template with keys that a Secret brings (contract 4.1, 4.4)."""
    names = sorted(keys)
    if not any(isinstance(each, pulumi.Output) for each in keys.values()):
        return [variable(_KEYS, _digest([str(keys[name]) for name in names]))]
    return [variable(_KEYS, pulumi.Output.all(*(keys[name] for name in names)).apply(_digest))]


def _digest(keys: Sequence[str]) -> str:
    """No key can be told from it."""
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
