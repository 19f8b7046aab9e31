"""The API's endpoints, one module for each service; `catalogue` gathers them.

May import `calls`, `identity`, `companies`, `configuration` and `store`; no HTTP.
"""

from __future__ import annotations

from dataclasses import replace

from local.emulator.configuration.assumptions import Assumptions
from local.emulator.endpoints import (
    applications,
    auth,
    credentials,
    debug,
    login,
    organization,
    queues,
    server,
    service_users,
    sso,
    system,
    tenants,
    users,
    workers,
)
from local.emulator.protocol.endpoint import Catalogue, Endpoint
from local.emulator.roles import ADMIN_ONLY

_SERVICES = (
    *(applications, auth, credentials, debug, login, organization, queues),
    *(server, service_users, sso, system, tenants, users, workers),
)


def catalogue(assumptions: Assumptions) -> Catalogue:
    """Every endpoint this server has, implementations of a name newest first."""
    found: dict[str, list[Endpoint]] = {}
    for service in _SERVICES:
        for value in vars(service).values():
            if isinstance(value, Endpoint) and (assumptions.new_server or not value.new):
                found.setdefault(value.name, []).append(_as_assumed(value, assumptions))
    return {name: tuple(sorted(each, key=lambda e: e.since, reverse=True)) for name, each in sorted(found.items())}


def _as_assumed(endpoint: Endpoint, assumptions: Assumptions) -> Endpoint:
    fields = tuple(field for field in endpoint.fields if assumptions.new_server or not field.new)
    closed = endpoint is organization.update_company_name and assumptions.system_may_rename_company == "never"
    return replace(endpoint, fields=fields, roles=ADMIN_ONLY if closed else endpoint.roles)
