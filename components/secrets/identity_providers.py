"""What the server is known by at identity providers: one Secret in its namespace, which its environment names."""

from __future__ import annotations

import pulumi

from components.kinds.objects import Secret
from components.values.sign_in.environment import sign_in_data
from settings.loading.secrets import Secrets
from settings.models.server.release import Server
from settings.types.naming import IDENTITY_PROVIDERS_SECRET


def identity_providers_secret(
    server: Server, secrets: Secrets, where: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> list[Secret]:
    """What has to be there before the server's release: the Secret in `where`, or nothing where none has a secret."""
    data = sign_in_data(server.identity_providers, secrets)
    if not data:
        return []
    metadata = {"name": IDENTITY_PROVIDERS_SECRET, "namespace": where}
    return [Secret(IDENTITY_PROVIDERS_SECRET, metadata=metadata, data=data, opts=opts)]
