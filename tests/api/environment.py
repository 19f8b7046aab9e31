"""An environment of several tenants, run as the engine runs it but in this process: quick enough for thousands of runs.

`wired` mirrors what `__main__.py` and `components/tenant.py` make of the tenants' files; tests/api/run/test_wiring.py
compares it with them.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi.dynamic import DiffResult
from pulumi.runtime import rpc

from components.applications import company_limits
from components.clearml.admin_user.resource import AdminUserProvider
from components.clearml.application_access.resource import ApplicationAccessProvider
from components.clearml.company.resource import CompanyProvider
from components.clearml.credentials.key_revocations import KeyRevocationsProvider
from components.clearml.credentials.resource import CredentialsProvider
from components.clearml.credentials.stale_credentials import StaleCredentialsProvider
from components.clearml.features import FeaturesProvider
from components.clearml.provider import ClearMLProvider
from components.clearml.run.intent import INTENT
from components.clearml.run.session import forget_sessions
from components.clearml.service_account.resource import ServiceAccountProvider
from components.clearml.sign_in.domains import DomainsProvider
from components.clearml.sign_in.removal_rounds import READDED, readded_rounds, rounds_of
from components.clearml.sign_in.removals import SignInRuleRemovalsProvider
from components.clearml.sign_in.whitelist import WhitelistProvider
from components.declarations import declared_intent, declared_rules
from settings.features.effective import Layers, expected_of_admin
from settings.models.tenant import Tenant, TenantFile
from tests.api.runs import connected, connection
from tests.emulator import Emulator

Inputs = dict[str, Any]
STACK = "local"


@dataclass(frozen=True)
class Wanted:
    """A resource the program declares; its inputs, once the ids of others are known by their names, and what `left`."""

    name: str
    provider: type[ClearMLProvider]
    inputs: Callable[[Mapping[str, Any]], Inputs]


@dataclass
class Held:
    """A resource in the state."""

    name: str
    provider: type[ClearMLProvider]
    id: str
    properties: dict[str, Any]


def tenant(name: str, content: Mapping[str, Any]) -> Tenant:
    """A tenant as its file declares it."""
    asked = TenantFile.model_validate(content, by_alias=True, by_name=False)
    return Tenant(name=name, **{each: getattr(asked, each) for each in TenantFile.model_fields})


# What a stack that says nothing of features has on for the whole server, and the emulator too.
_SERVER = frozenset({"user_management_advanced"})


def wired(tenants: list[Tenant]) -> Iterator[Wanted]:
    """The API's resources of these tenants, each after what it needs."""
    declared = {"tenants": declared_rules(tenants), INTENT: declared_intent(tenants).text}
    yield Wanted("departures", SignInRuleRemovalsProvider, lambda _: declared)
    for each in tenants:
        yield from _company(each, tenants)
        yield from _service_account(each)
        yield from _keys(each)
        yield from _rules(each)
        yield from _revocations(each)


def _company(tenant: Tenant, every: Sequence[Tenant]) -> Iterator[Wanted]:
    name, admin = tenant.name, tenant.admin
    features = {**dict.fromkeys(tenant.features, "granted"), **dict.fromkeys(tenant.exclude_features, "excluded")}
    lists = {"features": list(tenant.features), "exclude_features": list(tenant.exclude_features)}
    given = {key: value for key, value in {**lists, "allowed_users": tenant.allowed_users}.items() if value}
    asked = {"adopt": tenant.adopt, "known_id": tenant.company_id, "defaults": given}
    company: Inputs = {"name": tenant.company, "admin_email": admin.email, **{k: v for k, v in asked.items() if v}}
    company[INTENT] = declared_intent(every).text
    yield Wanted(f"{name}/company", CompanyProvider, lambda _: company)
    yield Wanted(
        f"{name}/admin",
        AdminUserProvider,
        lambda ids: {
            "company_id": ids[f"{name}/company"],
            "name": admin.name,
            "email": admin.email,
            "key_labels": f"{STACK}/{name}/",
        },
    )
    limit: Inputs = {} if tenant.allowed_users is None else {"allowed_users": tenant.allowed_users}
    expected = expected_of_admin(Layers(_SERVER, frozenset(tenant.features), frozenset(tenant.exclude_features), {}))
    more = company_limits(tenant)
    wanted: Inputs = {"features": features, "expected": expected, **limit, **({"limits": more} if more else {})}
    yield Wanted(
        f"{name}/features",
        FeaturesProvider,
        lambda ids: {"company_id": ids[f"{name}/company"], **_as_admin(name, ids), **wanted},
    )
    yield from _application_access(tenant)


def _application_access(tenant: Tenant) -> Iterator[Wanted]:
    name, asked = tenant.name, tenant.applications.visibility
    above = {"allowed": asked.allowed, "admin_access_all": asked.admins_see_all}
    rules: Inputs = {
        **{each: value for each, value in above.items() if value is not None},
        **{f"applications/{each}": value for each, value in asked.applications.items()},
        **{f"categories/{each}": value for each, value in asked.categories.items()},
    }
    if rules:
        company = f"{name}/company"
        yield Wanted(
            f"{name}/access", ApplicationAccessProvider, lambda ids: {"company_id": ids[company], "rules": rules}
        )


def _service_account(tenant: Tenant) -> Iterator[Wanted]:
    name, asked = tenant.name, tenant.service_account
    if asked.enabled:
        told = {"name": f"{STACK}/{name}/{'owners' if asked.run_as_owner else 'workers'}", "role": "admin"}
        yield Wanted(
            f"{name}/account",
            ServiceAccountProvider,
            lambda ids: {
                "company_id": ids[f"{name}/company"],
                "admin_id": ids[f"{name}/admin"],
                "run_as_owner": asked.run_as_owner,
                **told,
            },
        )


def _keys(tenant: Tenant) -> Iterator[Wanted]:
    for use, settings in tenant.all_workers.items():
        owner = "account" if tenant.service_account.enabled else "admin"
        yield _key(tenant.name, use, settings.key_generation, owner)


def _key(name: str, use: str, generation: int, owner: str) -> Wanted:
    label = f"{STACK}/{name}/{use}/{generation}"
    return Wanted(
        f"{name}/{use}-{generation}",
        CredentialsProvider,
        lambda ids: {"user_id": ids[f"{name}/{owner}"], "label": label},
    )


def _surplus(key: Held) -> Wanted:
    """What `components/workers/stale_credentials.py` declares beside a key whose refresh saw others of its use."""
    told = {"user_id": key.properties["user_id"], "label": key.properties["label"], "keys": key.properties["surplus"]}
    return Wanted(f"{key.name}-surplus", StaleCredentialsProvider, lambda _: told)


def _revocations(tenant: Tenant) -> Iterator[Wanted]:
    """After the workers, which are not here."""
    if tenant.revoke_keys:
        name, keys = tenant.name, sorted({*tenant.revoke_keys})
        own = [each.name for each in _keys(tenant)]
        yield Wanted(
            f"{name}/revocations",
            KeyRevocationsProvider,
            lambda ids: {
                "company_id": ids[f"{name}/company"],
                "admin_id": ids[f"{name}/admin"],
                "stack": STACK,
                "own_keys": [ids[each] for each in own],
                "keys": keys,
            },
        )


def _rules(tenant: Tenant) -> Iterator[Wanted]:
    name, rules = tenant.name, tenant.sign_in
    if rules.domains:
        routes = dict.fromkeys(rules.domains, "")
        yield Wanted(
            f"{name}/domains",
            DomainsProvider,
            lambda ids: {**_as_admin(name, ids), "routes": routes, **_again(tenant, ids, routes)},
        )
    for _, what, emails in rules.by_role():
        if emails:
            yield _whitelist(tenant, what, emails)


def _whitelist(tenant: Tenant, role: str, emails: tuple[str, ...]) -> Wanted:
    name, entries = tenant.name, dict.fromkeys(emails, role)
    return Wanted(
        f"{name}/{role}s",
        WhitelistProvider,
        lambda ids: {**_as_admin(name, ids), "entries": entries, **_again(tenant, ids, entries)},
    )


def _again(tenant: Tenant, ids: Mapping[str, Any], declared: Iterable[str]) -> Inputs:
    rounds = readded_rounds(ids.get("left"), tenant.admin.email.lower(), map(str.lower, declared))
    return rounds_of({READDED: rounds})


def _as_admin(name: str, ids: Mapping[str, Any]) -> Inputs:
    return {"user_id": ids[f"{name}/admin"]}


@dataclass
class Environment:
    """What runs left in the state; `replaced` are resources whose successor is made, still to be deleted."""

    emulator: Emulator
    state: dict[str, Held] = field(default_factory=dict)
    replaced: list[Held] = field(default_factory=list)

    def up(self, tenants: list[Tenant]) -> list[str]:
        """Create and change in this order, then delete what is declared no more; in a new process.

        Returns what was touched. Raises what a resource raises, and then has done what it had done by then.
        """
        forget_sessions()
        wanted = list(wired(tenants))
        touched = [each.name for each in wanted if self._bring(each)]
        # After the workers, which are not here.
        surplus = [_surplus(self.state[each.name]) for each in wanted if self._has_surplus(each)]
        touched += [each.name for each in surplus if self._bring(each)]
        return touched + self._delete({each.name for each in (*wanted, *surplus)})

    def preview(self, tenants: list[Tenant]) -> None:
        """What the engine asks of each before anything is done, in a new process. Raises what is told then."""
        forget_sessions()
        for wanted in wired(tenants):
            held = self.state.get(wanted.name)
            ids = defaultdict(lambda: rpc.UNKNOWN, {name: each.id for name, each in self.state.items()})
            self._checked(wanted, held, wanted.inputs(ids))

    def refresh(self) -> None:
        """Read everything, in a new process."""
        forget_sessions()
        for held in list(self.state.values()):
            found = self._connected(held.provider).read(held.id, dict(held.properties))
            if found.id:
                held.properties = found.outs or {}
            else:
                del self.state[held.name]

    def saved(self) -> Environment:
        """A copy, as a state file is one."""
        return Environment(self.emulator, copy.deepcopy(self.state), copy.deepcopy(self.replaced))

    def keys(self) -> dict[str, str]:
        """The keys of the state, by label."""
        held = [each for each in self.state.values() if each.provider is CredentialsProvider]
        return {each.properties["label"]: each.id for each in held}

    def _has_surplus(self, wanted: Wanted) -> bool:
        return wanted.provider is CredentialsProvider and "surplus" in self.state[wanted.name].properties

    def _bring(self, wanted: Wanted) -> bool:
        provider, held = self._connected(wanted.provider), self.state.get(wanted.name)
        known = {name: each.id for name, each in self.state.items()}
        left = self.state["departures"].properties.get("left") if "departures" in self.state else None
        inputs, difference = self._checked(wanted, held, wanted.inputs({**known, "left": left}))
        if held is None or difference is None:
            self._create(wanted, provider, inputs)
            return True
        if difference.replaces:
            self._create(wanted, provider, inputs)
            self.replaced.append(held)
        elif difference.changes:
            held.properties = provider.update(held.id, dict(held.properties), inputs).outs or {}
        return bool(difference.changes)

    def _checked(self, wanted: Wanted, held: Held | None, inputs: Inputs) -> tuple[Inputs, DiffResult | None]:
        """The inputs as they are kept, and how they differ from the state; None if it has nothing of it."""
        provider = self._connected(wanted.provider)
        checked = provider.check(held.properties if held else {}, inputs)
        assert not checked.failures, checked.failures[0].reason
        return checked.inputs, provider.diff(held.id, held.properties, checked.inputs) if held else None

    def _create(self, wanted: Wanted, provider: ClearMLProvider, inputs: Inputs) -> None:
        made = provider.create(inputs)
        self.state[wanted.name] = Held(wanted.name, wanted.provider, str(made.id), made.outs or {})

    def _delete(self, wanted: set[str]) -> list[str]:
        """Last made, first deleted."""
        gone = [held for held in reversed(self.state.values()) if held.name not in wanted]
        for held in [*reversed(self.replaced), *gone]:
            self._connected(held.provider).delete(held.id, dict(held.properties))
            if held in self.replaced:
                self.replaced.remove(held)
            else:
                del self.state[held.name]
        return [held.name for held in gone]

    def _connected(self, provider: type[ClearMLProvider]) -> ClearMLProvider:
        return connected(provider, connection(self.emulator))
