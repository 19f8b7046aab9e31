"""Declares that keys which people made are revoked, if the tenant's file lists any."""

from __future__ import annotations

from collections.abc import Iterable

import pulumi

from components.clearml.admin_user.resource import AdminUser
from components.clearml.credentials.key_revocations import KeyRevocations
from components.clearml.credentials.resource import Credentials
from settings.models.tenant import Tenant
from settings.types.naming import revocations_name


def revoke_listed(
    tenant: Tenant,
    company_id: pulumi.Input[str],
    admin: AdminUser,
    credentials: Iterable[Credentials],
    opts: pulumi.ResourceOptions,
    *,
    environment: str,
) -> None:
    """`opts` depend on all releases of the tenant: until they run with `credentials`, one may run with such a key."""
    if tenant.revoke_keys:
        KeyRevocations(
            revocations_name(tenant.name),
            sorted({*tenant.revoke_keys}),
            opts,
            company_id=company_id,
            admin_id=admin.user_id,
            stack=environment,
            own_keys=[key.access_key for key in credentials],
        )
