"""Pure: what a company may use, and whose keys its workers have, as a tenant's file has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.clearml.api.calls.service_user_models import ServiceUser
from operations.adoption.reading.facts import Company, Note, Release, access_key
from operations.adoption.translation.companies.names import TenantInstallation


def company_settings(company: Company) -> dict[str, Any]:
    """Features, limits and applications; what the server does not show, or what is not set, is left out."""
    settings = company.settings
    found = {
        "features": list(settings.features or ()),
        "excludeFeatures": list(settings.exclude_features or ()),
        "allowedUsers": settings.allowed_users or None,
        "allowedServiceUsers": settings.allowed_service_users,
        "applications": _applications(company),
    }
    return _without_nothing(found)


def service_account(owned: TenantInstallation, notes: list[Note]) -> dict[str, Any]:
    """`serviceAccount`, where workers have keys of one; the other accounts stay as they are."""
    used = {each.id: each for release in owned.releases if (each := _account_of(owned.company, release))}
    notes += [_of_account(owned.tenant, each, is_used=each.id in used) for each in owned.company.accounts]
    if not used:
        return {}
    as_owner = any(each.allow_running_as_owner for each in used.values())
    notes += _with_the_admins_key(owned, [each for each in owned.releases if not _account_of(owned.company, each)])
    return {"serviceAccount": {"enabled": True, **({"runAsOwner": True} if as_owner else {})}}


def _applications(company: Company) -> dict[str, Any]:
    settings, access = company.settings, company.access
    shown = {
        "allowed": access.allowed,
        "adminsSeeAll": access.admin_access_all,
        "applications": {name: each.allowed for name, each in access.applications.items() if each.allowed},
        "categories": {name: each.allowed for name, each in access.categories.items() if each.allowed},
    }
    return _without_nothing(
        {
            "maxRunning": settings.max_running_apps,
            "categories": list(settings.supported_application_categories or ()),
            "excludedCategories": list(settings.excluded_application_categories or ()),
            "ids": list(settings.supported_application_ids or ()),
            "visibility": _without_nothing(shown),
        }
    )


def _without_nothing(found: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing; a number of 0 says something."""
    return {key: value for key, value in found.items() if value not in (None, [], {})}


def _account_of(company: Company, release: Release) -> ServiceUser | None:
    key = access_key(release)
    return next(
        (each for each in company.accounts if any(k.access_key == key for k in company.keys.get(each.id, ()))), None
    )


def _of_account(tenant: str, account: ServiceUser, *, is_used: bool) -> Note:
    role = account.role or "of a role not told"
    owner = ", runs tasks as their owners" if account.allow_running_as_owner else ""
    who = f"{account.name} (id {account.id}, {role}{owner})"
    if is_used:
        text = f"{who} has the keys of workers: this program makes an account of its own for them, and this one stays"
        return Note(tenant, "change", "serviceAccount", text)
    return Note(tenant, "lost", "serviceAccount", f"{who} is no worker's and stays as it is; no file has it")


def _with_the_admins_key(owned: TenantInstallation, releases: Sequence[Release]) -> Iterator[Note]:
    for release in releases:
        text = f"release {release} has no service account's key, and gets one: one answer holds for all of a tenant"
        yield Note(owned.tenant, "change", "serviceAccount", text)
