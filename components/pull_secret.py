"""The registry's token in a namespace: one Secret, which every release there names."""

from __future__ import annotations

import pulumi

from components.kinds.objects import Secret
from components.values.image_pull import TYPE, docker_config
from settings.types.naming import REGISTRY_SECRET, registry_secret_name


def pull_secret(
    namespace: str, where: pulumi.Input[str], token: pulumi.Input[str] | None, opts: pulumi.ResourceOptions
) -> pulumi.Input[str] | None:
    """Makes it in `namespace` (`where`, once that exists) and returns its name; None where the stack has no token."""
    if token is None:
        return None
    made = Secret(
        registry_secret_name(namespace),
        metadata={"name": REGISTRY_SECRET, "namespace": where},
        type=TYPE,
        data=docker_config(token),
        opts=opts,
    )
    return made.metadata["name"]
