"""From what a tenant's file says of applications and service accounts to what the API takes (contract 2.1)."""

from __future__ import annotations

from typing import Any

import pulumi

from components.clearml.application_access.resource import ApplicationAccess
from settings.models.tenant import Tenant
from settings.types.naming import application_access_name


def company_limits(tenant: Tenant) -> dict[str, Any]:
    """Those that the file has, by the server's names; a list that is not declared is unset, which is not empty."""
    applications = tenant.applications
    numbers = {"allowed_service_users": tenant.allowed_service_users, "max_running_apps": applications.max_running}
    lists = {
        "supported_application_categories": applications.categories,
        "excluded_application_categories": applications.excluded_categories,
        "supported_application_ids": applications.ids,
    }
    return {
        **{name: number for name, number in numbers.items() if number is not None},
        **{name: sorted(each) for name, each in lists.items() if each},
    }


def application_access(
    tenant: Tenant, company_id: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> ApplicationAccess | None:
    """None where the file leaves it to the server."""
    asked = tenant.applications.visibility
    if not asked.model_dump(exclude_defaults=True):
        return None
    return ApplicationAccess(
        application_access_name(tenant.name),
        company_id,
        opts,
        allowed=asked.allowed,
        admins_see_all=asked.admins_see_all,
        applications=asked.applications,
        categories=asked.categories,
    )
