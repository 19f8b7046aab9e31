"""The calls about what a company may use (contract 2.1, 1.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.clearml.api.calls.setting_models import (
    CompanyLimits,
    InstanceAccess,
    StoredAccess,
    StoredLimits,
    StoredSettings,
)
from components.clearml.api.calls.sso_models import AllSettings, CompanyRecord
from components.clearml.api.client import Client
from components.clearml.api.models import Empty


def read(client: Client, company_id: str) -> CompanyLimits:
    """The company's own settings, as far as this server shows them."""
    return client.read("system.company_info", {"company": company_id}, response=StoredLimits).defaults


def everything(client: Client, company_id: str) -> AllSettings:
    """The same, with the identity provider's tenant that the company is tied to."""
    return client.read("system.company_info", {"company": company_id}, response=CompanyRecord).defaults


def stored(client: Client, company_id: str) -> Mapping[str, Any]:
    """All of them by the server's names, as they came; what a server does not show is not in it."""
    return client.read("system.company_info", {"company": company_id}, response=StoredSettings).defaults


def write(client: Client, company_id: str, settings: Mapping[str, Any]) -> None:
    """Change the settings given; `features`, `exclude_features` as whole lists, others stay as they are."""
    client.write("system.update_company_settings", {"company": company_id, **settings}, response=Empty)


def access(client: Client, company_id: str) -> InstanceAccess:
    """Who sees the company's running applications."""
    body = {"company": company_id}
    found = client.read("system.get_company_app_instance_access", body, response=StoredAccess)
    return found.app_instance_access


def write_access(client: Client, company_id: str, rules: Mapping[str, Any]) -> None:
    """Say who sees them; `rules` as the call takes them, whole."""
    body = {"company": company_id, "app_instance_access": rules}
    client.write("system.update_company_app_instance_access", body, response=Empty)
