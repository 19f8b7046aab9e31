"""Runs of a tenant's resources in the engine's order, without the engine: fast enough for thousands of faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from components.clearml.admin_user.resource import AdminUserProvider
from components.clearml.api.connection import Connection, Limits
from components.clearml.company.resource import CompanyProvider
from components.clearml.credentials.resource import CredentialsProvider
from components.clearml.credentials.stale_credentials import StaleCredentialsProvider
from components.clearml.features import FeaturesProvider
from components.clearml.provider import ClearMLProvider
from components.clearml.run.intent import INTENT, CompanyRequest, Intent
from components.clearml.run.session import forget_sessions
from components.clearml.sign_in.domains import DomainsProvider
from components.clearml.sign_in.removal_rounds import READDED, readded_rounds, rounds_of
from components.clearml.sign_in.removals import SignInRuleRemovalsProvider
from components.clearml.sign_in.whitelist import WhitelistProvider
from tests.emulator import Emulator

P = TypeVar("P", bound=ClearMLProvider)
QUICK = Limits(
    connect_seconds=5,
    answer_seconds=5,
    settle_seconds=0.1,
    attempts=5,
    total_seconds=20,
    first_pause=0.005,
    longest_pause=0.02,
)
PROVIDERS: dict[str, type[ClearMLProvider]] = {
    "company": CompanyProvider,
    "admin": AdminUserProvider,
    "features": FeaturesProvider,
    "agent": CredentialsProvider,
    "gateway": CredentialsProvider,
    "domains": DomainsProvider,
    "admins": WhitelistProvider,
    "users": WhitelistProvider,
}
# Declared only beside a key whose last refresh has seen others.
SURPLUS = {"agent-surplus": "agent", "gateway-surplus": "gateway"}


def connection(emulator: Emulator, limits: Limits = QUICK, **changes: Any) -> Connection:
    """The apiserver's connection; `changes` replace fields."""
    plain = Connection(emulator.url, emulator.key, emulator.secret, wait_seconds=3, limits=limits)
    return replace(plain, **changes)


def connected(provider: type[P], where: Connection) -> P:
    """A provider as the plugin has it after `configure`."""
    made = provider()
    made.connect(where)
    return made


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
class Tenant:
    """What a tenant's file declares, and the state its runs left behind."""

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
    limits: Limits = QUICK
    wait_seconds: float = 3
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

    def provider(self, resource: str) -> ClearMLProvider:
        others = StaleCredentialsProvider if resource in SURPLUS else SignInRuleRemovalsProvider
        where = connection(self.emulator, self.limits, wait_seconds=self.wait_seconds)
        return connected(PROVIDERS.get(resource, others), where)

    def up(self) -> list[str]:
        """Create and change what differs, in a new process; returns what was touched. Raises what a resource raises."""
        forget_sessions()
        self._bring("departures", self.declared_departures())
        return self.arrive()

    def arrive(self) -> list[str]:
        """As `up`, after the departures of whatever environment this tenant is in."""
        brought = [resource for resource in PROVIDERS if self._bring(resource, self.declared(resource))]
        declared = [each for each, use in SURPLUS.items() if self.state[use].properties.get("surplus")]
        for gone in [each for each in SURPLUS if each in self.state and each not in declared]:
            del self.state[gone]
        brought += [each for each in declared if self._bring(each, self.declared(each))]
        self._delete_replaced()
        return brought

    def refresh(self) -> list[str]:
        """Read everything, in a new process; returns what differs from the state."""
        forget_sessions()
        return [resource for resource in list(self.state) if self._look(resource)]

    def destroy(self) -> None:
        """Remove everything in reverse order, in a new process."""
        forget_sessions()
        self._delete_replaced()
        for resource in reversed(list(self.state)):
            kept = self.state[resource]
            self.provider(resource).delete(kept.id, dict(kept.properties))
            del self.state[resource]

    def _bring(self, resource: str, declared: dict[str, Any]) -> bool:
        provider, kept = self.provider(resource), self.state.get(resource)
        checked = provider.check(kept.properties if kept else {}, declared)
        assert not checked.failures, checked.failures[0].reason
        if kept is None:
            return self._create(resource, provider, checked.inputs)
        difference = provider.diff(kept.id, kept.properties, checked.inputs)
        if difference.replaces:
            self._create(resource, provider, checked.inputs)
            self.replaced.append((resource, kept))
        elif difference.changes:
            changed = provider.update(kept.id, dict(kept.properties), checked.inputs).outs
            self.state[resource] = Kept(kept.id, changed or {})
        return bool(difference.changes)

    def _delete_replaced(self) -> None:
        while self.replaced:
            resource, kept = self.replaced[0]
            self.provider(resource).delete(kept.id, dict(kept.properties))
            del self.replaced[0]

    def _create(self, resource: str, provider: ClearMLProvider, inputs: dict[str, Any]) -> bool:
        made = provider.create(inputs)
        self.state[resource] = Kept(made.id, made.outs or {})
        return True

    def _look(self, resource: str) -> bool:
        kept = self.state[resource]
        found = self.provider(resource).read(kept.id, dict(kept.properties))
        if not found.id:
            del self.state[resource]
            return True
        before, kept.properties = kept.properties, found.outs or {}
        return before != kept.properties

    # -- what the server holds of it -----------------------------------------------------------------------------

    def companies(self) -> list[str]:
        """Ids of the companies of this name."""
        return [each["id"] for each in self.emulator.state()["companies"] if each["name"] == self.name]

    def members(self) -> list[str]:
        """E-mails of the users in companies of this name."""
        ours = self.companies()
        return [each["email"] for each in self.emulator.state()["users"] if each["company"] in ours]

    def keys(self) -> dict[str, list[str]]:
        """Live keys of the companies of this name, by label."""
        ours, found = self.companies(), dict[str, list[str]]()
        for each in self.emulator.state()["credentials"]:
            if each["company"] in ours:
                found.setdefault(each["label"], []).append(each["access_key"])
        return found

    def rules(self) -> tuple[set[str], dict[str, str]]:
        """Domains, and whitelisted e-mails with their roles."""
        ours = self.companies()
        held = [each for each in self.emulator.state()["rules"] if each["company"] in ours]
        domains = {domain for each in held for domain in each["domains"]}
        return domains, {entry["email"]: entry["role"] for each in held for entry in each["whitelist"]}

    def assert_exact(self) -> None:
        """The server holds what is declared, once, and every key's secret is in the state and works."""
        assert self.companies() == [self.state["company"].id]
        assert self.members() == [self.email]
        wanted = {
            f"test/{self.slug}/{use}/{self.generation}": [self.state[use].properties["access_key"]]
            for use in ("agent", "gateway")
        }
        assert self.keys() == wanted
        for use in ("agent", "gateway"):
            pair = (self.state[use].properties["access_key"], self.state[use].properties["secret_key"])
            user = self.emulator.data_of("users.get_current_user", auth=pair)["user"]
            assert (user["company"]["id"], user["role"]) == (self.state["company"].id, "admin")
        entries = dict.fromkeys(self.admins, "admin") | dict.fromkeys(self.users, "user")
        assert self.rules() == (set(self.domains), entries)
