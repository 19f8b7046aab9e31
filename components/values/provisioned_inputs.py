"""What the Server release is given that only exists once other resources are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi


@dataclass(frozen=True)
class ProvisionedInputs:
    """`pull_secret`: the image-pull Secret's name. `internal_keys`: what the server's parts use among themselves, by
    the chart's key; the chart generates what is not there. `group_ids`: of every cross-tenant group, by its key.
    """

    pull_secret: pulumi.Input[str] | None = None
    internal_keys: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    group_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


NOTHING = ProvisionedInputs()
