"""The Secrets that settings declare, in one namespace; every release there is made after them."""

from __future__ import annotations

import pulumi

from components.kinds.objects import Secret
from components.values.secrets.namespace import NamespaceSecrets
from settings.types.naming import declared_secret_name


def declared_secrets(
    namespace: str, where: pulumi.Input[str], secrets: NamespaceSecrets, opts: pulumi.ResourceOptions
) -> list[Secret]:
    """Makes them in `namespace` (`where`, once that exists)."""
    return [
        Secret(
            declared_secret_name(namespace, name),
            metadata={"name": name, "namespace": where},
            type=secrets.kubernetes_type(name),
            data=secrets.data(name),
            opts=opts,
        )
        for name in secrets.declared
    ]
