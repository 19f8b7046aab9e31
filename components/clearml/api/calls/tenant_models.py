"""What newer servers answer about whole tenants (contract 2.2), as far as we use it."""

from __future__ import annotations

from pydantic import Field

from components.clearml.api.models import Answer, UserInfo


class TenantResources(Answer):
    """`tenants.get_tenant_resources` (2.2)."""

    running: dict[str, int] = Field(default_factory=dict)


class TenantUsers(Answer):
    active: tuple[UserInfo, ...]


class TenantInfo(Answer):
    """`tenants.get_tenant_info` (2.2)."""

    users: TenantUsers
