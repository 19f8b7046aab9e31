"""The supervisor's pair in the server's namespace: one Secret, which the apiserver's environment names."""

from __future__ import annotations

import pulumi

from components.kinds.objects import Secret
from components.values.secrets.supervisor import supervisor_data
from settings.loading.secrets import Secrets
from settings.models.server.release import Server
from settings.types.naming import SUPERVISOR_SECRET


def supervisor_secret(
    server: Server, secrets: Secrets, where: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> list[Secret]:
    """What has to be there before the server's release: the Secret in `where`, or nothing without a supervisor."""
    if not server.supervisor.enabled:
        return []
    metadata = {"name": SUPERVISOR_SECRET, "namespace": where}
    return [Secret(SUPERVISOR_SECRET, metadata=metadata, data=supervisor_data(secrets), opts=opts)]
