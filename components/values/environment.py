"""Entries of a container's environment, as Kubernetes reads them."""

from __future__ import annotations

from typing import TypedDict

import pulumi


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
