"""What newer servers answer about whole tenants (contract 2.2), as far as we use it."""

from __future__ import annotations

from pydantic import Field

from components.clearml.api.models import ApiModel, UserInfo


class TenantResources(ApiModel):
    """`tenants.get_tenant_resources` (contract 2.2)."""

    running: dict[str, int] = Field(default_factory=dict)


class TenantUsers(ApiModel):
    active: tuple[UserInfo, ...]


class TenantInfo(ApiModel):
    """`tenants.get_tenant_info` (contract 2.2)."""

    users: TenantUsers
