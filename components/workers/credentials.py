"""The key pairs of a tenant's workers: one per use, so that each can be revoked without the other."""

from __future__ import annotations

import pulumi

from components.clearml.admin_user.resource import AdminUser
from components.clearml.credentials.resource import Credentials
from settings.models.tenant import Tenant
from settings.models.workers.agent import Agent
from settings.models.workers.gateway import Gateway
from settings.types.naming import credentials_name, key_label


def worker_credentials(tenant: Tenant, admin: AdminUser, opts: pulumi.ResourceOptions) -> dict[str, Credentials]:
    """By use: `agent`, `agent-<name>`, `gateway`."""
    uses: dict[str, Agent | Gateway] = {**tenant.all_agents}
    if tenant.gateway:
        uses["gateway"] = tenant.gateway
    return {use: _credentials(tenant.name, use, each.key_generation, admin, opts) for use, each in uses.items()}


def _credentials(tenant: str, use: str, generation: int, admin: AdminUser, opts: pulumi.ResourceOptions) -> Credentials:
    """A later generation is another resource: made, rolled out, and only then is the earlier one revoked."""
    label = key_label(pulumi.get_stack(), tenant, use, generation)
    return Credentials(credentials_name(tenant, use, generation), user_id=admin.user_id, label=label, opts=opts)
