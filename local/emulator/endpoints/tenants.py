"""tenants.*: what newer servers have (contract 2.2): a tenant in one call, and its soft deletion."""

from __future__ import annotations

from typing import Any

from local.emulator.companies import lookup
from local.emulator.companies.membership import add_user
from local.emulator.companies.naming import checked_name
from local.emulator.endpoints.credentials import new_pair
from local.emulator.protocol.call import Call
from local.emulator.protocol.endpoint import Data, endpoint
from local.emulator.protocol.errors import ApiError, Kind
from local.emulator.protocol.validation import boolean, domains, emails, integer, string
from local.emulator.roles import SYSTEM
from local.emulator.store import companies, rules, users
from local.emulator.store.companies import Company


@endpoint(
    "tenants.create_tenant",
    string("name", required=True),
    string("domain"),
    emails("admin_emails"),
    integer("max_users"),
    integer("max_service_users"),
    roles=SYSTEM,
    new=True,
)
def create_tenant(call: Call) -> Data:
    """Company, internal admin, key pair, domain and admins' whitelist in one."""
    db, fields = call.database, call.fields
    limits = {"allowed_users": fields["max_users"], "allowed_service_users": fields["max_service_users"]}
    settings = {key: value for key, value in limits.items() if value is not None}
    company = companies.create(db, checked_name(call, fields["name"]), settings)
    if fields["domain"]:
        rules.set_domains(db, company, [lookup.folded(call, _checked_domain(fields["domain"]))])
    for email in fields["admin_emails"] or ():
        rules.add_entry(db, company, lookup.folded(call, email), "admin")
    return {"id": company, "credentials": new_pair(call, (_make_admin(call, company), company), None, None)}


def _checked_domain(domain: str) -> str:
    check = domains("domain").check_item
    if check:
        check(domain)
    return domain


def _make_admin(call: Call, company: str) -> str:
    email, profile = f"tenant-admin-{company}@example.com", {"name": "tenant admin"}
    return add_user(call.database, call.server.assumptions, company, email, "admin", internal=True, profile=profile)


@endpoint("tenants.add_tenant_admin_credentials", string("tenant", required=True), roles=SYSTEM, new=True)
def add_tenant_admin_credentials(call: Call) -> Data:
    """Another pair for the tenant's internal admin, who is made if there is none."""
    company = lookup.company(call, call.fields["tenant"]).id
    admins = (each.id for each in users.of_company(call.database, company) if each.internal and each.role == "admin")
    admin = next(admins, None) or _make_admin(call, company)
    return {"credentials": new_pair(call, (admin, company), None, None)}


@endpoint("tenants.get_tenants", roles=SYSTEM, new=True)
def get_tenants(call: Call) -> Data:
    """The active tenants, with the e-mails of their admins."""
    default = call.server.configuration.default_company
    found = [each for each in companies.every(call.database) if each.active]
    return {
        "tenants": [
            {
                "id": each.id,
                "name": each.name,
                "admin_emails": _admins(call, each),
                "default_company": each.id == default,
            }
            for each in found
        ]
    }


def _admins(call: Call, company: Company) -> list[str]:
    members = users.of_company(call.database, company.id)
    signed_in = [each.email for each in members if each.role == "admin" and not each.internal]
    pending = [each.email for each in rules.entries(call.database, company.id) if each.role == "admin"]
    return list(dict.fromkeys(signed_in + pending))


@endpoint(
    "tenants.get_tenant_info",
    string("tenant", required=True),
    string("from_date"),
    string("to_date"),
    roles=SYSTEM,
    new=True,
)
def get_tenant_info(call: Call) -> Data:
    """Name and users; nothing runs here, so the usage is empty."""
    company = lookup.company(call, call.fields["tenant"])
    active = [
        {"id": each.id, "name": each.name, "email": each.email, "role": each.role, "created": each.created}
        for each in users.of_company(call.database, company.id)
    ]
    pending = [
        {"email": each.email, "added": each.added}
        for each in rules.entries(call.database, company.id)
        if each.accepted is None
    ]
    limit = company.settings.get("allowed_users")
    shown = {"active": active, "pending": pending, "max_allowed": limit}
    return {"name": company.name, "users": shown, "projects": 0, "tasks": 0, "gpu_types": [], "days": []}


def _resources(company: Company) -> dict[str, Any]:
    running = dict.fromkeys(("tasks", "app_tasks", "pipeline_tasks", "active_routes"), 0)
    totals = dict.fromkeys(("tasks", "datasets", "hyper_datasets", "dataviews", "reports"), 0)
    return {"running": {**running, "connected_workers": company.connected_workers}, "totals": totals}


@endpoint("tenants.get_tenant_resources", string("tenant", required=True), roles=SYSTEM, new=True)
def get_tenant_resources(call: Call) -> Data:
    """What runs and what is stored: to look at before a deletion."""
    return _resources(lookup.company(call, call.fields["tenant"]))


@endpoint(
    "tenants.delete_tenant",
    string("tenant", required=True),
    string("name", required=True),
    boolean("force", default=False),
    roles=SYSTEM,
    new=True,
)
def delete_tenant(call: Call) -> Data:
    """Soft deletion: the name must match, and nothing may run, unless forced."""
    company = lookup.company(call, call.fields["tenant"])
    if company.id == call.server.configuration.default_company:
        raise ApiError(Kind.FIELDS_VALUE, "cannot delete the default company", tenant=company.id)
    if company.name != call.fields["name"]:
        raise ApiError(Kind.FIELDS_VALUE, "tenant name does not match", tenant=company.id)
    if company.connected_workers and not call.fields["force"]:
        raise ApiError(Kind.FIELDS_CONFLICT, "tenant has running resources", workers=company.connected_workers)
    companies.deactivate(call.database, company.id)
    return _resources(company)
