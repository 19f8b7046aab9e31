"""The calls about a company's identity provider (contract 2.7, 6.1). A system key names the company in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.clearml.api.calls.sso_models import (
    CompanySso,
    CompanyTie,
    ProviderConfiguration,
    ProviderConfigurations,
)
from components.clearml.api.client import Client
from components.clearml.api.errors import InvalidRequest
from components.clearml.api.models import Empty

_UNKNOWN_COMPANY = 10


def every(client: Client, company_id: str) -> tuple[ProviderConfiguration, ...]:
    """All configurations of the company, without what is secret in them."""
    body = {"company": company_id}
    return client.read("sso.get_provider_configurations", body, response=ProviderConfigurations).configurations


def ours(client: Client, company_id: str) -> ProviderConfiguration | None:
    """The company's configuration whose id is the company's own; others are its admins'."""
    return next((each for each in every(client, company_id) if each.id == company_id), None)


def unless_company_gone(refusal: InvalidRequest) -> None:
    """Raises the refusal again, unless its cause is that the server does not know the company."""
    if refusal.subcode != _UNKNOWN_COMPANY:
        raise refusal


def save(client: Client, company_id: str, provider: str, configuration: Mapping[str, Any], client_secret: str) -> None:
    """Make or change the company's configuration; the same again changes nothing more. The secret is never read."""
    whole = {"id": company_id, **configuration, "client_secret": client_secret}
    body = {"provider": provider, "company": company_id, "configuration": whole}
    client.write("sso.save_provider_configuration", body, response=Empty, hidden=(client_secret,))


def activate(client: Client, company_id: str) -> None:
    """Let people sign in by the company's configuration; the same again changes nothing more."""
    body = {"ids": [company_id], "active": True, "company": company_id}
    client.write("sso.set_provider_configurations_active", body, response=Empty)


def delete(client: Client, company_id: str) -> None:
    """Take the company's configuration away, so that nobody signs in by it any more."""
    body = {"ids": [company_id], "company": company_id}
    client.write("sso.delete_provider_configurations", body, response=Empty)


def tie(client: Client, company_id: str, sso: Mapping[str, Any]) -> None:
    """Tie the company to the identity provider's tenant; no documented call unties it."""
    client.write("system.update_company_sso_config", {"company": company_id, "sso": dict(sso)}, response=Empty)


def tied(client: Client, company_id: str) -> CompanySso:
    """What the company is tied to, as far as this server shows it."""
    return client.read("system.company_info", {"company": company_id}, response=CompanyTie).defaults.sso
