"""The calls that newer servers have for whole tenants (contract 2.2, 1.7); ask first whether a server offers them."""

from __future__ import annotations

from collections.abc import Mapping

from components.clearml.api.calls.tenant_models import TenantInfo, TenantResources
from components.clearml.api.client import Client
from components.clearml.api.errors import Forbidden, UnknownEndpoint
from components.clearml.api.models import Empty, Endpoints, UserInfo

DELETE = "tenants.delete_tenant"
INFO = "tenants.get_tenant_info"


def offered(client: Client) -> frozenset[str]:
    """The names of all calls of this server; none if it does not tell."""
    try:
        return client.read("server.endpoints", response=Endpoints).names
    except (Forbidden, UnknownEndpoint):
        return frozenset()


def people(client: Client, company_id: str) -> tuple[UserInfo, ...]:
    """The users of a company, as nobody of it."""
    return client.read(INFO, {"tenant": company_id}, response=TenantInfo).users.active


def delete(client: Client, company_id: str, name: str) -> None:
    """Soft deletion; refused if the name is not the company's, or while something runs. Never forced."""
    client.write(DELETE, {"tenant": company_id, "name": name}, response=Empty)


def running(client: Client, company_id: str) -> Mapping[str, int]:
    """What keeps the tenant from being deleted, by kind."""
    return client.read("tenants.get_tenant_resources", {"tenant": company_id}, response=TenantResources).running
