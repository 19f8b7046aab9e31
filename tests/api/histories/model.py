"""What the server has to hold after any history of edits, hands in the web interface, and runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from settings.models.tenant import Tenant
from tests.api.declarations.environment import STACK, tenant

DOMAINS = ("one.example", "two.example", "three.example")
EMAILS = ("ann@people.example", "bob@people.example", "cid@people.example")
FEATURES = ("applications", "reports", "pipelines")
SLOTS = (0, 1, 2)


@dataclass
class File:
    """One tenant's file, as its owner edits it; `slot` stays the same through its life."""

    slot: int
    there: bool = True
    renamed: bool = False
    company: str = ""
    admin: str = "Admin"
    granted: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    limit: int | None = None
    generations: dict[str, int] = field(default_factory=lambda: {"agent": 1, "gateway": 1})
    workers: bool = True
    lab: bool = False
    account: bool = False

    def __post_init__(self) -> None:
        self.company = self.company or f"Company {self.slot}"

    @property
    def name(self) -> str:
        return f"{'again' if self.renamed else 'tenant'}{self.slot}"

    @property
    def email(self) -> str:
        return f"admin@company{self.slot}.example"


@dataclass
class Company:
    """What the server is left with of a tenant; others' doings stay."""

    name: str
    features: list[str] | None = None
    excluded: list[str] = field(default_factory=list)
    limit: int | None = None
    guests: dict[str, str] = field(default_factory=dict)
    foreign_keys: set[str] = field(default_factory=set)
    # Made in the web interface: gone when a list is declared, left where none is, also by the file's removal.
    foreign_domains: set[str] = field(default_factory=set)


@dataclass
class Model:
    """`routes` and `entries` say which slot each domain and e-mail is declared in; `companies` what was ever made."""

    files: dict[int, File] = field(default_factory=lambda: {slot: File(slot) for slot in SLOTS})
    routes: dict[str, int] = field(default_factory=dict)
    entries: dict[str, tuple[int, str]] = field(default_factory=dict)
    companies: dict[int, Company] = field(default_factory=dict)
    applied: dict[str, Tenant] = field(default_factory=dict)

    def declared(self) -> list[Tenant]:
        return [tenant(file.name, self._content(file)) for file in self.files.values() if file.there]

    def _content(self, file: File) -> dict[str, Any]:
        emails = {role: self._emails(file.slot, role) for role in ("admin", "user")}
        content: dict[str, Any] = {
            "company": file.company,
            "protect": False,
            "admin": {"name": file.admin, "email": file.email},
            "features": sorted({*file.granted, *(["service_users"] if file.account else [])}),
            "serviceAccount": {"enabled": file.account},
            "excludeFeatures": sorted(file.excluded),
            "allowedUsers": file.limit,
            "signIn": {"domains": self._domains(file.slot), "admins": emails["admin"], "users": emails["user"]},
        }
        if file.workers:
            content["agent"] = {"queues": {"default": {}}, "keyGeneration": file.generations["agent"]}
            content["gateway"] = {
                "hostName": f"r{file.slot}.example",
                "keyGeneration": file.generations["gateway"],
            }
            content["gateways"] = {"lab": {"hostName": f"lab{file.slot}.example"}} if file.lab else {}
        return {name: value for name, value in content.items() if value is not None}

    def remove(self, slot: int) -> None:
        """The file is removed, and with it what it declares."""
        self.files[slot].there = False
        self.routes = {domain: owner for domain, owner in self.routes.items() if owner != slot}
        self.entries = {email: owner for email, owner in self.entries.items() if owner[0] != slot}

    def add(self, slot: int) -> None:
        """The file is written anew, for the company that it was for."""
        known = self.companies.get(slot)
        self.files[slot] = File(slot, company=known.name if known else "", limit=self.files[slot].limit)

    def apply(self) -> None:
        """A run has succeeded: this is what it leaves."""
        declared = self.declared()
        for each in declared:
            slot = next(slot for slot, file in self.files.items() if file.name == each.name)
            before = self.applied.get(each.name)
            company = self.companies.setdefault(slot, Company(each.company))
            company.name = each.company
            # A list is ours from when it is declared to when it is declared no more.
            if each.features or (before and before.features):
                company.features = sorted(each.features)
            if each.exclude_features or (before and before.exclude_features):
                company.excluded = sorted(each.exclude_features)
            if each.sign_in.domains:
                company.foreign_domains.clear()
            company.limit = each.allowed_users or company.limit
        self.applied = {each.name: each for each in declared}

    def wanted(self) -> dict[str, Any]:
        """As `held`, from what was declared and what others did."""
        return {
            company.name: {
                "users": [self.files[slot].email],
                "accounts": [
                    f"{STACK}/{each.name}/workers" for each in self._applied(slot) if each.service_account.enabled
                ],
                "admin": next((each.admin.name for each in self._applied(slot)), None),
                "keys": Counter({label: 1 for each in self._applied(slot) for label in _labels(each)})
                + Counter(company.foreign_keys),
                "domains": sorted({*self._domains(slot), *company.foreign_domains}),
                "entries": {e: role for e, (owner, role) in self.entries.items() if owner == slot} | company.guests,
                "features": (company.features, company.excluded, company.limit),
            }
            for slot, company in self.companies.items()
        }

    def _applied(self, slot: int) -> list[Tenant]:
        return [each for each in self.applied.values() if each.admin.email == self.files[slot].email]

    def _domains(self, slot: int) -> list[str]:
        return sorted(domain for domain, owner in self.routes.items() if owner == slot)

    def _emails(self, slot: int, role: str) -> list[str]:
        return sorted(email for email, owner in self.entries.items() if owner == (slot, role))


def _labels(tenant: Tenant) -> list[str]:
    return [f"{STACK}/{tenant.name}/{use}/{its.key_generation}" for use, its in tenant.all_workers.items()]


def held(state: dict[str, Any], admins: set[str]) -> dict[str, Any]:
    """What the server holds of each company but its default one, by name: a second one of a name shows as a clash."""
    found: dict[str, Any] = {}
    rules = {each["company"]: each for each in state["rules"]}
    for company in state["companies"][1:]:
        assert company["name"] not in found, f"two companies {company['name']}"
        there = [each for each in state["users"] if each["company"] == company["id"]]
        users = [each for each in there if not each["service"]]
        keys = [each["label"] for each in state["credentials"] if each["company"] == company["id"]]
        known = company["name"] in admins
        found[company["name"]] = {
            "users": [each["email"] for each in users],
            "accounts": [each["name"] for each in there if each["service"]],
            "admin": next((each["name"] for each in users), None) if known else None,
            "keys": Counter(keys),
            "domains": sorted(rules[company["id"]]["domains"]),
            "entries": {each["email"]: each["role"] for each in rules[company["id"]]["whitelist"]},
            "features": (
                None if company["features"] is None else sorted(company["features"]),
                sorted(company["exclude_features"]),
                company["allowed_users"],
            ),
        }
    return found


def in_two(state: dict[str, Any]) -> list[str]:
    """Domains and e-mails that more than one company's rules hold."""
    counted = Counter(
        name for each in state["rules"] for name in {*each["domains"], *(one["email"] for one in each["whitelist"])}
    )
    return [name for name, times in counted.items() if times > 1]
