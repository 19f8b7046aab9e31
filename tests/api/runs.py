"""Runs of a tenant's resources in the engine's order, without the engine: fast enough for thousands of faults."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from components.clearml.admin_user.resource import AdminUserProvider
from components.clearml.api.connection import Connection, Limits
from components.clearml.company.resource import CompanyProvider
from components.clearml.credentials.resource import CredentialsProvider
from components.clearml.credentials.stale_credentials import StaleCredentialsProvider
from components.clearml.features import FeaturesProvider
from components.clearml.provider import ClearMLProvider
from components.clearml.run.session import forget_sessions
from components.clearml.sign_in.domains import DomainsProvider
from components.clearml.sign_in.removals import SignInRuleRemovalsProvider
from components.clearml.sign_in.whitelist import WhitelistProvider
from tests.api.declarations.tenant import SURPLUS, Declaration, Kept
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


def connection(emulator: Emulator, limits: Limits = QUICK, **changes: Any) -> Connection:
    """The apiserver's connection; `changes` replace fields."""
    plain = Connection(emulator.url, emulator.key, emulator.secret, wait_seconds=3, limits=limits)
    return replace(plain, **changes)


def connected(provider: type[P], where: Connection) -> P:
    """A provider as the plugin has it after `configure`."""
    made = provider()
    made.connect(where)
    return made


@dataclass
class Tenant(Declaration):
    """A tenant that is deployed, read back and destroyed; and what the server then holds of it."""

    limits: Limits = QUICK
    wait_seconds: float = 3

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
