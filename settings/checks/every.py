"""Checks that need more than one value: within a tenant, and across the tenants of an environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from settings.checks.addresses import check_addresses
from settings.checks.charts import check_charts
from settings.checks.cookie import check_cookie
from settings.checks.environment_values import check_environment_values
from settings.checks.files import check_files
from settings.checks.isolation import check_isolation
from settings.checks.people import check_people
from settings.checks.plain_secrets import check_plain_secrets
from settings.checks.queue_pods import check_queue_pods
from settings.checks.rules.check import check_rules
from settings.checks.tenants import check_tenants
from settings.checks.workers import check_workers
from settings.complaint import Complaint
from settings.errors import Fault, Warned
from settings.features.checks import check_features
from settings.features.group_checks import check_groups, check_groups_in_tenants
from settings.models.stack import PROJECT, StackSettings
from settings.models.tenant import Tenant
from settings.types.confusable import skeleton
from settings.types.urls import host_of


@dataclass(frozen=True)
class _Claim:
    """A value that only one tenant may hold: where it is written, as it is written, and what it is compared by."""

    tenant: str
    key: str
    value: str
    compared: str


def check(
    stack: str, stack_file: str, settings: StackSettings | None, tenants: Sequence[Tenant], *, whole: bool = True
) -> Iterator[Fault]:
    """Every contradiction, as faults of the later of two files, and what is only to be warned of, as Warned.

    `settings` is None if its own file is at fault; not `whole` if a tenant's is, so that `tenants` lacks it.
    """
    found = list(_complaints(settings, tenants, whole=whole))
    if settings:
        found += check_rules(settings, tenants, found, whole=whole)
    for said in (*found, *check_addresses(stack, settings, tenants)):
        file = file_of(stack, said.tenant) if said.tenant else stack_file
        key = said.key if said.tenant else f"{PROJECT}:stack.{said.key}"
        yield (Fault if said.stops else Warned)(file, said.tenant, key, said.text)
    for tenant in tenants:
        yield from _sso(stack, tenant)
        if settings and tenant.namespace == settings.server.namespace:
            text = "has the server's own namespace; call the file otherwise, or change server.namespace"
            yield Fault(file_of(stack, tenant.name), tenant.name, "", text)
    for what, claims in _RULES:
        yield from _held_once(stack, what, [claim for tenant in tenants for claim in claims(tenant)])


def _complaints(settings: StackSettings | None, tenants: Sequence[Tenant], *, whole: bool) -> Iterator[Complaint]:
    """The checks that are told by tenant and key, each of an idea in a file of its own."""
    yield from check_workers(settings, tenants)
    yield from check_features(settings, tenants)
    yield from check_tenants(settings, tenants)
    yield from check_people(settings, tenants)
    yield from check_plain_secrets(settings, tenants)
    yield from check_environment_values(settings, tenants)
    if settings:
        yield from check_charts(settings, tenants)
        yield from check_cookie(settings, tenants)
        yield from check_files(settings)
        yield from check_queue_pods(settings, tenants)
        yield from check_groups(settings)
        yield from check_isolation(settings, tenants, whole=whole)
        if whole:
            yield from check_groups_in_tenants(settings, tenants)


def file_of(stack: str, tenant: str) -> str:
    """The tenant's file, relative to the project."""
    return f"config/tenants/{stack}/{tenant}.yaml"


def _sso(stack: str, tenant: Tenant) -> Iterator[Fault]:
    if tenant.sso is None or tenant.sso.claims.groups:
        return
    for key, value in (("groupMapping", tenant.sso.group_mapping), ("adminGroups", tenant.sso.admin_groups)):
        if value:
            text = "needs to know what the provider calls the groups; add a line like claims: {groups: groups}"
            yield Fault(file_of(stack, tenant.name), tenant.name, f"sso.{key}", text)


def _companies(tenant: Tenant) -> Iterable[_Claim]:
    """The API looks unique names up without regard to case, and people take those that look alike for the same."""
    yield _Claim(tenant.name, "company", tenant.company, skeleton(tenant.company))


def _company_ids(tenant: Tenant) -> Iterable[_Claim]:
    if tenant.company_id:
        yield _Claim(tenant.name, "companyId", tenant.company_id, tenant.company_id)


def _domains(tenant: Tenant) -> Iterable[_Claim]:
    for index, domain in enumerate(tenant.sign_in.domains):
        yield _Claim(tenant.name, f"signIn.domains[{index}]", domain, domain.casefold())


def _emails(tenant: Tenant) -> Iterable[_Claim]:
    for name, emails in (("admins", tenant.sign_in.admins), ("users", tenant.sign_in.users)):
        for index, email in enumerate(emails):
            yield _Claim(tenant.name, f"signIn.{name}[{index}]", email, email.casefold())


def _admin_emails(tenant: Tenant) -> Iterable[_Claim]:
    """A user's email is unique in the whole server."""
    yield _Claim(tenant.name, "admin.email", tenant.admin.email, tenant.admin.email.casefold())


def _hosts(tenant: Tenant) -> Iterable[_Claim]:
    """A browser sends what it has of one tenant to whoever answers there."""
    if tenant.gateway and tenant.gateway.host_name:
        yield _Claim(tenant.name, "gateway.hostName", tenant.gateway.host_name, tenant.gateway.host_name)
    if tenant.gateway and tenant.gateway.external_url:
        url = tenant.gateway.external_url
        yield _Claim(tenant.name, "gateway.externalUrl", url, host_of(url))


def _external_tenants(tenant: Tenant) -> Iterable[_Claim]:
    """The server ties an external tenant to one company: contract 6.1."""
    if tenant.sso:
        name = tenant.sso.external_tenant
        yield _Claim(tenant.name, "sso.externalTenant", name, name.casefold())


_RULES: tuple[tuple[str, Callable[[Tenant], Iterable[_Claim]]], ...] = (
    ("company's name", _companies),
    ("company's id", _company_ids),
    ("domain", _domains),
    ("email", _emails),
    ("admin's email", _admin_emails),
    ("gateway's host", _hosts),
    ("external tenant", _external_tenants),
)


def _held_once(stack: str, what: str, claims: Iterable[_Claim]) -> Iterator[Fault]:
    first: dict[str, _Claim] = {}
    for claim in claims:
        other = first.setdefault(claim.compared, claim)
        if other is claim:
            continue
        where = other.key if other.tenant == claim.tenant else f"{other.key} of tenant {other.tenant}"
        text = f"{claim.value!r} is already the {what} at {where}; keep it in one place"
        yield Fault(file_of(stack, claim.tenant), claim.tenant, claim.key, text)
