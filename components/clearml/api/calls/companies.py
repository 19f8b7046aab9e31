"""The calls about companies (contract 2.1, 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.clearml.api.client import Client
from components.clearml.api.models import Companies, CompanyInfo, Empty, IdResponse, Token

_TOKEN_SECONDS = 300


def every(client: Client) -> tuple[CompanyInfo, ...]:
    """All companies of the server, whatever their number: there is no paging."""
    return client.read("system.get_companies", response=Companies).companies


def user_count(client: Client, company: CompanyInfo) -> int | None:
    """How many users the company has; None if the server does not tell."""
    body = {"name": company.name, "custom_data": {"users": True}}
    for found in client.read("system.get_companies", body, response=Companies).companies:
        if found.id == company.id:
            return found.user_count
    return None


def every_counted(client: Client) -> tuple[CompanyInfo, ...]:
    """As `every`, with how many users each has, if the server tells."""
    body = {"custom_data": {"users": True}}
    return client.read("system.get_companies", body, response=Companies).companies


def user_counts(client: Client) -> dict[str, int | None]:
    """How many users each company has, by id."""
    return {company.id: company.user_count for company in every_counted(client)}


def create(client: Client, name: str, defaults: Mapping[str, Any] | None = None) -> str:
    """Make a company; returns its id. Not repeatable: look by name first.

    `defaults` are the document's: `features`, `exclude_features`, `allowed_users`. Not every server may take them there
    (contract 2.1), so who passes them reads them back.
    """
    body = {"name": name, "defaults": dict(defaults)} if defaults else {"name": name}
    return client.write("system.create_company", body, response=IdResponse).id


def rename(client: Client, admin_id: str, name: str) -> None:
    """Give the admin's company another name, signed in as that admin.

    The published role of the call is `admin` alone, and the caller's role is checked before an impersonation is looked
    at (contract 1.3). So the impersonation headers do not help with it, but a short-lived token of the admin's does.
    """
    body = {"expiration_sec": _TOKEN_SECONDS, "set_cookie": False}
    token = client.read("auth.login", body, response=Token, impersonate=admin_id).token
    client.write("organization.update_company_name", {"new_name": name}, response=Empty, token=token, hidden=(token,))
