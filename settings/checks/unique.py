"""A check across tenants: what only one may hold, as a company, a domain, an address, a host, an external tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from settings.check_registry import check
from settings.facts import Facts
from settings.finding import Finding, setting
from settings.models.tenant import Tenant
from settings.types.letters.confusable import skeleton
from settings.types.naming import worker_key
from settings.types.urls import host_of


@dataclass(frozen=True)
class _Claim:
    """A value that only one tenant may hold: where it is written, as it is written, and what it is compared by."""

    tenant: str
    key: str
    value: str
    compared: str


@check("a company, domain, address, host or external tenant is one tenant's alone")
def check_unique(facts: Facts) -> Iterator[Finding]:
    """The later of two files that hold the same."""
    for what, claims in _RULES:
        yield from _held_once(what, [claim for tenant in facts.tenants for claim in claims(tenant)])


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
    for name, _, emails in tenant.sign_in.by_role():
        for index, email in enumerate(emails):
            yield _Claim(tenant.name, f"signIn.{name}[{index}]", email, email.casefold())


def _admin_emails(tenant: Tenant) -> Iterable[_Claim]:
    """A user's email is unique in the whole server."""
    yield _Claim(tenant.name, "admin.email", tenant.admin.email, tenant.admin.email.casefold())


def _hosts(tenant: Tenant) -> Iterable[_Claim]:
    """A browser sends what it has of one tenant to whoever answers there."""
    for use, gateway in tenant.all_gateways.items():
        if gateway.host_name and gateway.domain:
            yield _Claim(tenant.name, f"{worker_key(use)}.hostName", gateway.host_name, gateway.domain)
        if url := gateway.external_url:
            yield _Claim(tenant.name, f"{worker_key(use)}.externalUrl", url, host_of(url))


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


def _held_once(what: str, claims: Iterable[_Claim]) -> Iterator[Finding]:
    first: dict[str, _Claim] = {}
    for claim in claims:
        other = first.setdefault(claim.compared, claim)
        if other is claim:
            continue
        holder = other.tenant if other.tenant != claim.tenant else ""
        where = f"{other.key} of tenant {holder}" if holder else other.key
        text = f"{claim.value!r} is already the {what} at {where}; keep it in one place"
        yield Finding(setting(claim.tenant, claim.key), text, holder=holder)
