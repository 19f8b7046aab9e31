"""The key pairs of a tenant's workers: one per use, so that each can be revoked without the other."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.clearml.admin_user.resource import AdminUser
from components.clearml.credentials.resource import Credentials
from components.clearml.service_account.resource import ServiceAccount
from settings.models.stack import StackSettings
from settings.models.tenant import Tenant
from settings.types.naming import credentials_name, key_label, service_account_name, service_account_resource

Owner = AdminUser | ServiceAccount


def service_account(
    tenant: Tenant, environment: str, admin: AdminUser, company_id: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> ServiceAccount | None:
    """None where the workers have keys of the tenant's admin."""
    asked = tenant.service_account
    if not asked.enabled:
        return None
    return ServiceAccount(
        service_account_resource(tenant.name),
        company_id=company_id,
        admin_id=admin.user_id,
        name=service_account_name(environment, tenant.name, run_as_owner=asked.run_as_owner),
        run_as_owner=asked.run_as_owner,
        opts=opts,
    )


def worker_credentials(
    tenant: Tenant, environment: str, owners: Mapping[str, Owner], opts: pulumi.ResourceOptions
) -> dict[str, Credentials]:
    """By use, each of its own of the `owners`."""
    workers = tenant.all_workers
    labels = {use: key_label(environment, tenant.name, use, each.key_generation) for use, each in workers.items()}
    return {
        use: Credentials(
            # A later generation is another resource: made, rolled out, and only then is the earlier one revoked.
            credentials_name(tenant.name, use, each.key_generation),
            user_id=owners[use].user_id,
            label=labels[use],
            opts=opts,
        )
        for use, each in workers.items()
    }


def key_owners(
    tenant: Tenant, stack: StackSettings, admin: AdminUser, account: ServiceAccount | None
) -> dict[str, Owner]:
    """Whose key each use has: the service account's where there is one, and where the server takes that."""
    if account is None:
        return dict.fromkeys(tenant.uses, admin)
    by_admin = tenant.uses_of_admin(stack.server.queue_mode)
    return {use: admin if use in by_admin else account for use in tenant.uses}
