"""The API's resources of one tenant, each by the inputs that the program would give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from components.clearml.run.intent import INTENT, CompanyRequest, Intent
from components.clearml.sign_in.removal_rounds import READDED, readded_rounds, rounds_of
from tests.emulator import Emulator

# Declared only beside a key whose last refresh has seen others.
SURPLUS = {"agent-surplus": "agent", "gateway-surplus": "gateway"}


def _loaded(domain: str) -> str:
    """As the settings have it once its file is loaded."""
    return domain.strip().lower()


def _neighbour(declared: tuple[str, Any]) -> CompanyRequest:
    admin, rules = declared
    return CompanyRequest(str(rules["tenant"]), admin)


@dataclass
class Kept:
    """One resource in the state."""

    id: str
    properties: dict[str, Any]


@dataclass
class Declaration:
    """What a tenant's file declares, and the state that its runs on `emulator` left behind."""

    emulator: Emulator
    name: str = "Acme"
    file: str = ""
    email: str = "admin@acme.example"
    admin_name: str = "Acme Admin"
    generation: int = 1
    domains: tuple[str, ...] = ("acme.example",)
    admins: tuple[str, ...] = ("ann@acme.example",)
    users: tuple[str, ...] = ("bob@partner.example", "cid@partner.example")
    features: dict[str, str] = field(default_factory=dict)
    allowed_users: int | None = None
    protect: bool = False
    on_remove: str | None = None
    # As in a state of an earlier version, which had none.
    key_labels: str | None = None
    neighbours: dict[str, Any] = field(default_factory=dict)
    # Of departures that other tenants share.
    left: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Kept] = field(default_factory=dict)
    # Their successors are made; still to be deleted.
    replaced: list[tuple[str, Kept]] = field(default_factory=list)

    def declared(self, resource: str) -> dict[str, Any]:
        """The inputs of a resource; ids come from the state, as the engine would fill them in."""
        if resource == "company":
            lists = {"features": "granted", "exclude_features": "excluded"}
            given = {field: [name for name, its in self.features.items() if its == how] for field, how in lists.items()}
            defaults = {name: value for name, value in {**given, "allowed_users": self.allowed_users}.items() if value}
            return {
                "name": self.name,
                "admin_email": self.email,
                "defaults": defaults or None,
                "on_remove": self.on_remove,
            }
        company_id = self.state["company"].id
        if resource == "admin":
            labels = {"key_labels": self.key_labels} if self.key_labels else {}
            return {"company_id": company_id, "name": self.admin_name, "email": self.email, **labels}
        rest: dict[str, dict[str, Any]] = {
            "features": {"company_id": company_id, "features": self.features, "allowed_users": self.allowed_users},
            "domains": {"routes": dict.fromkeys(map(_loaded, self.domains), ""), **self._again(self.domains)},
            "admins": {"entries": dict.fromkeys(self.admins, "admin"), **self._again(self.admins)},
            "users": {"entries": dict.fromkeys(self.users, "user"), **self._again(self.users)},
        }
        user = {"user_id": self.state["admin"].id}
        if resource in SURPLUS:
            key = self.state[SURPLUS[resource]].properties
            return {**user, "label": key["label"], "keys": key["surplus"]}
        label = {"label": f"test/{self.slug}/{resource}/{self.generation}"}
        return {**user, **rest.get(resource, label)}

    @property
    def slug(self) -> str:
        """How its file is called."""
        return self.file or self.name.lower()

    @property
    def uses(self) -> list[str]:
        return [f"{self.slug}/{use}" for use in ("agent", "gateway")]

    def _again(self, declared: tuple[str, ...]) -> dict[str, Any]:
        own = self.state["departures"].properties.get("left") if "departures" in self.state else None
        return rounds_of({READDED: readded_rounds(own or self.left, self.email, map(str.lower, declared))})

    def declared_rules(self) -> dict[str, Any]:
        """This tenant's part of what the environment's departures are found from."""
        entries = {email.lower(): "user" for email in self.users} | {email.lower(): "admin" for email in self.admins}
        domains = {_loaded(domain): "" for domain in self.domains}
        rules = {"tenant": self.name, "protect": self.protect, "domains": domains, "entries": entries}
        return {self.email: rules}

    def declared_departures(self) -> dict[str, Any]:
        """The inputs of the departures of an environment with this tenant, and `neighbours` by what they declare."""
        return {
            "tenants": {**self.neighbours, **self.declared_rules()},
            INTENT: Intent((self.request(), *map(_neighbour, self.neighbours.items()))).text,
        }

    def request(self, uses: Sequence[str] | None = None) -> CompanyRequest:
        """How it asks for its company, and has keys for these uses, else for its own."""
        return replace(CompanyRequest.of(self.declared("company")), key_uses=tuple(self.uses if uses is None else uses))
