"""What the server's parts use among themselves: generated once and kept in the state, where the stack gives none."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_random import RandomPassword

from settings.models.server.secrets import GENERATED_PREFIX, INTERNAL_KEYS

_LENGTH = 40


def internal_keys(given: Mapping[str, pulumi.Input[str]], opts: pulumi.ResourceOptions) -> dict[str, pulumi.Input[str]]:
    """Every one of INTERNAL_KEYS, by the chart's key."""
    return {name: given[name] if name in given else _generated(name, opts) for name in INTERNAL_KEYS}


def _generated(name: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Letters and digits after a letter: the chart hands it to the server's parser without quotes (contract 3.1)."""
    drawn = RandomPassword(name, length=_LENGTH, special=False, opts=opts)
    return pulumi.Output.secret(pulumi.Output.concat(GENERATED_PREFIX, drawn.result))
